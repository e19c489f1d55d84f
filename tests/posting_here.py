"""The posting process as tests run it: it may reach this machine, on whatever port, and nothing else is changed."""

import io
import json
import sys

from app import posting

if __name__ == "__main__":
    asked = sys.stdin.read()
    sys.stdin = io.StringIO(asked)
    port = int(json.loads(asked)["address"].split(":")[2].partition("/")[0])
    posting.main(allowed=lambda address: address == "127.0.0.1", ports={"http": port})
