"""How the house says no."""


class Refused(Exception):  # noqa: N818  a no is no error
    """A business rule says no. The message is shown to the user as it stands, and nothing is saved."""


class NotYours(Exception):  # noqa: N818  nor is this
    """The row is somebody else's or does not exist; the two look the same, and both are shown as 404."""
