"""The program as `python -m foresight`."""

from foresight.cli.main import main

if __name__ == "__main__":
    main()
