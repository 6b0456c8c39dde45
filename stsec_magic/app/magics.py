"""What becomes of IPython's magics and commands in an app, as data."""

from __future__ import annotations

from stsec_magic.app.streamlit import ST

IDLE = frozenset(
    """alias aimport autoawait autocall automagic autoreload autosave bookmark clear cls colors conda_list config
    dhist dirs display doctest_mode edit gui hist history killbgscripts ldir less lf lk ll load_ext logoff
    logon logstart logstate logstop ls lsmagic lx magic man matplotlib memit more mprun lprun notebook page
    pastebin pdb pdef pdoc pfile pinfo pinfo2 pip_list pprint precision profile prun psearch psource pwd
    pycat pylsp qtconsole quickref recall rehashx reload_ext rep reset_selective stsec sx tb timeit unalias
    unload_ext version_information watermark who who_ls whos xdel xmode nbagg tensorboard colab colabx
    flake8_on pycodestyle_on nb_black lab_black blackcellmagic snakeviz cat head tail heat scalene""".split()
)
"""Line magics that only concern the notebook, or only look: an app loses nothing without them."""

LOOKS = frozenset(
    """ls ll dir cat head tail less more pwd echo which whoami uname tree wc du df free date nproc lscpu
    lsb_release nvidia-smi top ps env printenv file stat hostname""".split()
)
"""Commands that only show something."""

SAME_PROGRAM = frozenset(
    "time timeit capture prun memit mprun lprun snakeviz pyinstrument scalene heat stsec debug skip_if".split()
)
"""Cell magics whose body runs in the notebook's own namespace."""

SHOWN = {
    "html": f"{ST}.html",
    "markdown": f"{ST}.markdown",
    "md": f"{ST}.markdown",
    "latex": f"{ST}.latex",
    "svg": f"{ST}.image",
}
"""Cell magics that show their body, and what does in an app."""

INSTALLERS = frozenset("pip pip3 conda mamba micromamba uv python python3 apt apt-get brew poetry npm".split())
"""Commands that may install packages."""
