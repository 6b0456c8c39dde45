"""What does harm by itself: where every gadget ends."""

from __future__ import annotations

CODE = "runs code that it brings along"
PROCESS = "starts a process"
IMPORTS = "imports modules"
FILES = "reads or changes files"
NETWORK = "uses the network"
MEMORY = "reaches into memory or the interpreter"
UNPICKLES = "loads another pickle"
BY_NAME = "hands out what it is asked for by name"

STRONG = (CODE, PROCESS, UNPICKLES, IMPORTS, MEMORY)
"""Families that count for what a class does when it is called, too."""

FAMILIES = (*STRONG, FILES, NETWORK, BY_NAME)

_FIRST = {
    CODE: (
        "builtins.eval builtins.exec builtins.execfile code.interact code.InteractiveInterpreter.runsource "
        "code.InteractiveConsole.push code.InteractiveInterpreter.runcode timeit.timeit timeit.repeat "
        "timeit.Timer cProfile.run cProfile.runctx profile.run profile.runctx pdb.run pdb.runeval bdb.Bdb.run "
        "bdb.Bdb.runeval trace.Trace.run trace.Trace.runctx doctest.debug_script doctest.debug_src "
        "doctest.run_docstring_examples runpy.run_path runpy.run_module marshal.load marshal.loads "
        "types.FunctionType types.CodeType types.LambdaType logging.config.dictConfig logging.config.fileConfig "
        "yaml.load yaml.load_all yaml.unsafe_load yaml.full_load numexpr.evaluate numexpr.NumExpr sympy.sympify "
        "sympy.parse_expr dataclasses.make_dataclass"
    ),
    PROCESS: (
        "os.system os.popen os.popen2 os.popen3 os.popen4 os.startfile os.execl os.execle os.execlp os.execlpe "
        "os.execv os.execve os.execvp os.execvpe os.posix_spawn os.posix_spawnp subprocess.Popen subprocess.call "
        "subprocess.run subprocess.check_call subprocess.check_output subprocess.getoutput "
        "subprocess.getstatusoutput pty.spawn commands.getoutput commands.getstatusoutput "
        "asyncio.create_subprocess_exec asyncio.create_subprocess_shell platform.popen webbrowser.open os.kill "
        "os.killpg pexpect.spawn pexpect.run ptyprocess.PtyProcess.spawn"
    ),
    IMPORTS: (
        "builtins.__import__ importlib.import_module importlib.__import__ importlib.reload "
        "importlib.util.find_spec importlib.machinery.SourceFileLoader imp.load_source imp.load_module "
        "imp.load_dynamic imp.load_compiled imp.find_module pkgutil.get_loader pkgutil.find_loader "
        "pkgutil.resolve_name pydoc.locate pydoc.safeimport zipimport.zipimporter site.addsitedir"
    ),
    FILES: (
        "builtins.open io.open io.FileIO io.open_code codecs.open gzip.open gzip.GzipFile bz2.open bz2.BZ2File "
        "lzma.open lzma.LZMAFile zipfile.ZipFile tarfile.open tarfile.TarFile os.open os.remove os.unlink "
        "os.rmdir os.removedirs os.rename os.renames os.replace os.link os.symlink os.chmod os.chown os.mkdir "
        "os.makedirs os.truncate os.listdir os.scandir os.walk os.mkfifo os.utime os.putenv os.chdir "
        "shutil.rmtree shutil.copy shutil.copy2 shutil.copyfile shutil.copytree shutil.move shutil.make_archive "
        "shutil.unpack_archive shutil.copymode glob.glob glob.iglob sqlite3.connect dbm.open linecache.getlines "
        "linecache.getline fileinput.input fileinput.FileInput mmap.mmap logging.FileHandler numpy.fromfile "
        "numpy.memmap numpy.load numpy.loadtxt h5py.File cv2.imread cv2.imwrite torch.from_file "
        "torch.UntypedStorage.from_file configparser.ConfigParser.read"
    ),
    NETWORK: (
        "socket.create_connection socket.gethostbyname socket.gethostbyname_ex socket.getaddrinfo "
        "socket.create_server urllib.request.urlopen urllib.request.urlretrieve urllib.request.Request "
        "urllib.urlopen urllib.urlretrieve urllib2.urlopen http.client.HTTPConnection http.client.HTTPSConnection "
        "ftplib.FTP smtplib.SMTP telnetlib.Telnet poplib.POP3 imaplib.IMAP4 nntplib.NNTP "
        "xmlrpc.client.ServerProxy ssl.get_server_certificate requests.get requests.post requests.put "
        "requests.head requests.delete requests.request requests.patch httpx.get httpx.post httpx.stream "
        "httpx.request urllib3.request asyncio.open_connection"
    ),
    MEMORY: (
        "ctypes.CDLL ctypes.PyDLL ctypes.WinDLL ctypes.OleDLL ctypes.cdll.LoadLibrary ctypes.string_at "
        "ctypes.memmove _ctypes.dlopen"
    ),
    UNPICKLES: (
        "pickle.load pickle.loads pickle.Unpickler _pickle.load _pickle.loads _pickle.Unpickler cPickle.load "
        "cPickle.loads cPickle.Unpickler shelve.open dill.load dill.loads cloudpickle.load cloudpickle.loads "
        "joblib.load torch.load pandas.read_pickle jsonpickle.decode"
    ),
}
_SECOND = {
    PROCESS: (
        "os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve os.spawnvp os.spawnvpe "
        "_posixsubprocess.fork_exec"
    ),
    IMPORTS: "importlib.util.spec_from_file_location imp.load_source",
    FILES: (
        "os.rename os.replace os.symlink os.link shutil.copy shutil.copy2 shutil.copyfile shutil.copytree shutil.move"
    ),
}
_KEYWORDS = frozenset(
    "file path filename source src dst args cmd command name url host object obj stmt setup code executable expr "
    "ex expression buffer data address location".split()
)

PRIMITIVES: dict[str, tuple[str, frozenset[int | str]]] = {
    name: (family, frozenset((place, *_KEYWORDS)))
    for place, table in ((1, _SECOND), (0, _FIRST))
    for family, names in table.items()
    for name in names.split()
}
"""By dotted name: its family, and by which arguments it does its harm."""

for _family, _names in _SECOND.items():
    for _name in _names.split():
        PRIMITIVES[_name] = (_family, frozenset((0, 1, *_KEYWORDS)))

METHODS: dict[str, str] = {
    "read_text": FILES, "read_bytes": FILES, "write_text": FILES, "write_bytes": FILES, "unlink": FILES,
    "exec_module": IMPORTS, "load_module": IMPORTS, "urlopen": NETWORK,
}  # fmt: skip
"""Methods that say by their name alone what they do with the object that they are called on."""

HARMLESS = frozenset(
    "len isinstance issubclass hasattr callable id type bool int float hash ord range enumerate sum abs round any "
    "all min max".split()
)
"""Builtins whose result no longer says what they were given."""
