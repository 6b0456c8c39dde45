"""Paths are spelt out as far as they are known."""

from __future__ import annotations

import pytest

from stsec_magic.source.paths import ANY, HOLE
from tests.source.flowing import paths

IMPORTS = "import os, glob, tempfile\nfrom pathlib import Path\n"


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("f('a/m.pkl')", "a/m.pkl"),
        ("d = 'a'\nf(d + '/m.pkl')", "a/m.pkl"),
        ("d = 'a'\nf(f'{d}/m.pkl')", "a/m.pkl"),
        ("d = 'a'\nf('%s/m.pkl' % d)", "a/m.pkl"),
        ("d = 'a'\nf('%s/%s.pkl' % (d, 'm'))", "a/m.pkl"),
        ("d = 'a'\nf('{}/m.pkl'.format(d))", "a/m.pkl"),
        ("d = 'a'\nf(os.path.join(d, 'm.pkl'))", "a/m.pkl"),
        ("d = 'a'\nf(os.path.join(d, '/b/m.pkl'))", "/b/m.pkl"),
        ("d = 'a'\nf(d + os.sep + 'm.pkl')", "a/m.pkl"),
        ("d = 'a'\nf('/'.join([d, 'm.pkl']))", "a/m.pkl"),
        ("d = Path('a')\nf(d / 'm.pkl')", "a/m.pkl"),
        ("f(str(Path('a', 'm.pkl')))", "a/m.pkl"),
        ("f(Path('a').joinpath('m').with_suffix('.pkl'))", "a/m.pkl"),
        ("f(Path('a/x').with_name('m.pkl'))", "a/m.pkl"),
        ("f(open('a/m.pkl', 'rb').read())", "a/m.pkl"),
        ("c = {'p': {'q': 'a/m.pkl'}}\nf(c['p']['q'])", "a/m.pkl"),
        ("def g(p='a/m.pkl'): return p\nf(g())", "a/m.pkl"),
        ("def g(d): return d + '/m.pkl'\nf(g('a'))", "a/m.pkl"),
        ("f(os.path.basename('a/m.pkl'))", "m.pkl"),
        ("f(os.environ.get('X', 'm.pkl'))", "m.pkl"),
        ("f(x)", f"{HOLE}x{HOLE}"),
        ("f(f'{x}.pkl')", f"{HOLE}x{HOLE}.pkl"),
        ("f(x() + '.pkl')", f"{ANY}.pkl"),
        ("f(glob.glob('a/*.pkl')[0])", f"a/{ANY}.pkl"),
        ("f(tempfile.mkdtemp())", f"/tmp/{ANY}"),
        ("f('a\\0b')", "a?b"),
    ],
)
def test_a_path(source: str, path: str) -> None:
    assert paths(IMPORTS + source) == [path]


def test_alternatives() -> None:
    assert paths("f('a.pkl' if x else 'b.pkl')") == ["a.pkl", "b.pkl"]
    assert paths("for p in ['a.pkl', 'b.pkl']:\n    f(p)") == ["a.pkl", "b.pkl"]
    assert paths("ps = []\nps.append('a.pkl')\nfor p in ps:\n    f(p)") == ["a.pkl"]


def test_the_latest_value_before_the_place_counts() -> None:
    assert paths("p = 'a.pkl'\nf(p)\np = 'b.pkl'", "f(p)") == ["b.pkl"]
    assert paths("p = 'a'\np = p + '.pkl'\np += '.gz'", "f(p)") == ["a.pkl.gz"]


def test_what_is_too_long_or_too_much_is_cut() -> None:
    assert len(paths(f"f('{'a' * 1000}')")[0]) == 400
    assert len(paths(f"f([{','.join(map(repr, range(100, 200)))}])")) <= 12
