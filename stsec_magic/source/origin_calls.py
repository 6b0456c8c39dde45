"""Which calls and names give bytes from elsewhere, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from stsec_magic.source.provenance import Origin

_DOWNLOADED, _FETCHED, _RECEIVED = "downloaded here", "fetched here", "received here"
_TYPED, _UPLOADED, _READ = "typed in here", "uploaded here", "read from a database here"

# Dotted names whose result comes from elsewhere. A trailing dot means: anything below.
_TABLE: Mapping[tuple[Origin, str], str] = MappingProxyType(
    {
        (Origin.NETWORK, _DOWNLOADED): (
            "requests. httpx. aiohttp. urllib.request. urllib.urlretrieve urllib.urlopen urllib2. urllib3. "
            "six.moves.urllib. wget. gdown. pooch. huggingface_hub. kagglehub. torch.hub.load_state_dict_from_url "
            "torch.hub.download_url_to_file tensorflow.keras.utils.get_file keras.utils.get_file gensim.downloader. "
            "cached_path. modelscope. tensorflow_hub. openml. sklearn.datasets.fetch_ kaggle. datasets.load_dataset "
            "transformers.utils.hub. transformers.file_utils."
        ),
        (Origin.NETWORK, _FETCHED): (
            "boto3. botocore. s3fs. gcsfs. adlfs. google.cloud.storage. azure.storage. minio. sagemaker. azureml. "
            "dropbox. pydrive. pydrive2. mlflow.artifacts.download_artifacts wandb. neptune. dvc.api. ftplib. "
            "paramiko. pysftp. smbclient."
        ),
        (Origin.NETWORK, _RECEIVED): (
            "socket. websocket. websockets. zmq. multiprocessing.connection. asyncio.open_connection"
        ),
        (Origin.DATABASE, "received from a queue here"): "kafka. pika. celery. confluent_kafka. kombu. aiokafka.",
        (Origin.DATABASE, _READ): (
            "redis. sqlite3. psycopg2. psycopg. pymysql. MySQLdb. mysql.connector. sqlalchemy. pymongo. pyodbc. "
            "pandas.read_sql pandas.read_sql_query pandas.read_sql_table memcache. pymemcache. lmdb. plyvel. duckdb. "
            "cassandra. snowflake.connector."
        ),
        (Origin.INPUT, _TYPED): (
            "streamlit.text_input streamlit.sidebar.text_input "
            "streamlit.text_area streamlit.sidebar.text_area streamlit.chat_input ipywidgets.Text "
            "easygui.fileopenbox tkinter.filedialog. tkFileDialog. gradio.Textbox"
        ),
        (Origin.INPUT, "typed in by who runs it"): "input raw_input getpass.getpass click.prompt",
        (Origin.INPUT, "given on the command line"): "sys.argv argparse. optparse. fire. typer. absl.flags.",
        (Origin.INPUT, "given in the URL"): (
            "streamlit.query_params streamlit.experimental_get_query_params flask.request. fastapi.Request"
        ),
        (Origin.UPLOAD, _UPLOADED): (
            "streamlit.file_uploader streamlit.sidebar.file_uploader streamlit.camera_input ipywidgets.FileUpload "
            "google.colab.files.upload gradio.File gradio.UploadButton panel.widgets.FileInput fastapi.UploadFile"
        ),
    }
)
_EXACT: dict[str, tuple[Origin, str]] = {}
_BELOW: dict[str, tuple[Origin, str]] = {}
_BEGUN: dict[str, tuple[Origin, str]] = {}
for _what, _names in _TABLE.items():
    for _name in _names.split():
        ({".": _BELOW, "_": _BEGUN}.get(_name[-1], _EXACT))[_name] = _what

# Functions of these modules whose result is a text about an address, not what is there.
_HARMLESS = re.compile(
    r"urllib\.(?:parse|request\.(?:quote|unquote|Request|build_opener|install_opener))|\w+\.urllib\.parse"
)


def outside(dotted: str) -> tuple[Origin, str] | None:
    """The origin of what a call or a name of a library gives.

    Args:
        dotted: Its dotted name.

    Returns:
        The origin and a few words for the reader; None where nothing is known of it.
    """
    found = _EXACT.get(dotted)
    at = dotted.find(".")
    while found is None and at >= 0:
        found = _BELOW.get(dotted[: at + 1])
        at = dotted.find(".", at + 1)
    if found is None:
        found = next((what for name, what in _BEGUN.items() if dotted.startswith(name)), None)
    return None if found is not None and _HARMLESS.match(dotted) else found


_LOCAL = frozenset(("typed in by who runs it", "given on the command line"))


def is_own_choice(origin: Origin, how: str) -> bool:
    """Whether it is what the person says who runs the notebook: no stranger's, where it is but a part of a path.

    Args:
        origin: An origin.
        how: The words that go with it.
    """
    return origin is Origin.INPUT and how in _LOCAL


FETCHING = re.compile(
    r"download\w*|urlretrieve|GetContentFile|fget_object|get_file|retrieve|retrbinary|snapshot_download|hf_hub_download"
    r"|cached_path|download_url|copyfileobj_from_url|save_from_url"
)
"""Methods, of whatever object, that put a remote file under the local names that they are given."""

DECODERS = frozenset(
    (
        "base64.b64decode",
        "base64.standard_b64decode",
        "base64.urlsafe_b64decode",
        "base64.b85decode",
        "base64.b16decode",
        "base64.b32decode",
        "bytes.fromhex",
        "binascii.unhexlify",
        "binascii.a2b_base64",
    )
)
