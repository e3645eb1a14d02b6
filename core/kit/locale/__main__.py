"""Work on the catalogues: `python -m core.kit.locale extract | update | compile | check`."""

import sys

from core.kit.locale import catalogues


def main(command: str) -> int:
    """Do one command; return the exit status."""
    if command == "compile":
        for language in catalogues.TRANSLATED:
            print(f"{language}: {catalogues.compile_(language)} messages compiled")
        return 0
    found = catalogues.extract()
    if command == "extract":
        print("\n".join(str(message.id) for message in found if message.id))
        return 0
    if command == "update":
        for language in catalogues.TRANSLATED:
            print(f"{language}: {len(found)} messages, {catalogues.update(language, found)} to translate")
        return 0
    if command == "check":
        said = [line for language in catalogues.TRANSLATED for line in catalogues.complaints(language, found)]
        print("\n".join(said) or f"{len(found)} messages, all translated")
        return 1 if said else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
