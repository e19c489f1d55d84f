"""Where the files of our typeface lie. Apart from the press, so that whoever only measures letters need not load it."""

from importlib import resources

import fontpkg_atkinson_hyperlegible

FONT_FILES = resources.files(fontpkg_atkinson_hyperlegible) / "files"
