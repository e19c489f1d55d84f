"""The fetching process as tests run it: it may reach this machine, on whatever port, and nothing else is changed."""

import sys

from app import fetching

if __name__ == "__main__":
    port = int(sys.argv[1].split(":")[2].partition("/")[0])
    fetching.main(sys.argv[1], allowed=lambda address: address == "127.0.0.1", ports={"http": port})
