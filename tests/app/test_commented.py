from stsec_magic.app.commented import commented, standing_in


def test_every_line_is_a_comment():
    assert commented("a\n\n# b\r\n  c") == "# a\n\n# b\r\n#   c"


def test_a_block_still_has_a_statement():
    assert standing_in("a\n  b", "    ") == "pass  # a\n    # b"
    assert standing_in("a", "") == "# a"
    assert standing_in("a\n\nb", "", "x = 1") == "x = 1  # a\n#\n# b"
