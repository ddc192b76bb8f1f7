"""Pages as trees and how they are rendered; the ODD and TRACE written from the sources."""
