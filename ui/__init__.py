"""The interface of foresight: move levers, compare futures, see one's own country."""
