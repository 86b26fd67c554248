"""`python -m postroad`."""

from postroad.app import main

if __name__ == "__main__":
    main()
