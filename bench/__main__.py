"""`make bench`: every page at 2 thousand and 100 thousand tickets on both engines; `--sizes` asks for others."""

from bench.pages import main

if __name__ == "__main__":
    main()
