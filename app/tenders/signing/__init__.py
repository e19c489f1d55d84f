"""Papers that parties sign: read on screen and signed there, or by hand, or at somebody who sells e-signatures."""
