"""How jobs/submit and jobs/scaling read the site's settings, and decks: by the same rules as the program."""

import configparser


def read_ini(path):
    """A ConfigParser; ValueError with the reason where the file cannot be read."""
    parser = configparser.ConfigParser(interpolation=None, inline_comment_prefixes=("#",), delimiters=("=",))
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        raise ValueError(str(error).replace("\n", " ")) from None
    return parser
