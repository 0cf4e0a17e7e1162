package io.orrery.registry.policy;

import io.orrery.engine.checkpoint.pickle.PickleImports.Import;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** How much a name that a pickle imports lets it do. */
enum ImportSafety {
    /** Weights need it, and it does nothing else. */
    INNOCUOUS,
    /** Nobody has looked at it. */
    SUSPICIOUS,
    /** It runs code, reaches the system, or leads to what does. */
    DANGEROUS;

    private static final Map<String, Pattern> HARMLESS = Map.ofEntries(
            Map.entry("collections", Pattern.compile("OrderedDict|defaultdict|Counter|deque")),
            Map.entry(
                    "torch",
                    Pattern.compile(
                            "\\w+Storage|Size|device|dtype|Tensor|Generator|float\\w*|bfloat16|half|double|u?int\\d+"
                                    + "|long|short|bool|complex\\d+")),
            Map.entry("torch.storage", Pattern.compile("(Untyped|Typed|_Typed)Storage")),
            Map.entry(
                    "torch._utils",
                    Pattern.compile(
                            "_rebuild_(tensor|tensor_v2|tensor_v3|parameter|parameter_with_state|qtensor|sparse_tensor)")),
            Map.entry("torch._tensor", Pattern.compile("_rebuild_from_type_v2")),
            Map.entry("torch.nn.parameter", Pattern.compile("Parameter|Buffer")),
            Map.entry("torch.serialization", Pattern.compile("_get_layout")),
            Map.entry("numpy", Pattern.compile("ndarray|dtype|bool_|(u?int|float|complex)\\d+")),
            Map.entry("numpy.core.multiarray", Pattern.compile("_reconstruct|scalar")),
            Map.entry("numpy._core.multiarray", Pattern.compile("_reconstruct|scalar")),
            Map.entry("numpy.core.numeric", Pattern.compile("_frombuffer")),
            Map.entry("numpy._core.numeric", Pattern.compile("_frombuffer")),
            Map.entry("joblib.numpy_pickle", Pattern.compile("NumpyArrayWrapper")),
            Map.entry("_codecs", Pattern.compile("encode")),
            Map.entry(
                    "builtins",
                    Pattern.compile("set|frozenset|bytearray|complex|slice|range|int|float|bool|str|bytes")),
            Map.entry("__builtin__", Pattern.compile("set|frozenset|bytearray|complex|slice|xrange|long|unicode")),
            Map.entry("copyreg", Pattern.compile("_reconstructor")),
            Map.entry("copy_reg", Pattern.compile("_reconstructor")),
            Map.entry("datetime", Pattern.compile("date|datetime|timedelta|timezone")),
            Map.entry("argparse", Pattern.compile("Namespace")),
            Map.entry("pathlib", Pattern.compile("(Pure)?(Posix|Windows)?Path")));

    /** Modules with all that is in them. */
    private static final Set<String> HARMFUL = Set.of(
            "os",
            "nt",
            "posix",
            "posixpath",
            "ntpath",
            "sys",
            "subprocess",
            "_posixsubprocess",
            "socket",
            "_socket",
            "ssl",
            "shutil",
            "runpy",
            "code",
            "codeop",
            "_pyrepl",
            "pty",
            "pdb",
            "bdb",
            "cProfile",
            "profile",
            "timeit",
            "trace",
            "doctest",
            "pydoc",
            "webbrowser",
            "importlib",
            "imp",
            "pkgutil",
            "zipimport",
            "ctypes",
            "_ctypes",
            "multiprocessing",
            "asyncio",
            "threading",
            "_thread",
            "signal",
            "pickle",
            "_pickle",
            "cPickle",
            "dill",
            "cloudpickle",
            "marshal",
            "shelve",
            "types",
            "inspect",
            "gc",
            "functools",
            "operator",
            "_operator",
            "requests",
            "urllib",
            "urllib2",
            "urllib3",
            "httplib",
            "http",
            "httpx",
            "aiohttp",
            "ftplib",
            "smtplib",
            "telnetlib",
            "xmlrpc",
            "paramiko",
            "fabric",
            "tempfile",
            "commands",
            "popen2",
            "io",
            "_io",
            "fileinput",
            "glob",
            "logging",
            "site",
            "venv",
            "ensurepip",
            "pip",
            "setuptools",
            "distutils",
            "idlelib",
            "tkinter",
            "numpy.testing",
            "numpy.f2py",
            "numpy.distutils",
            "torch.hub",
            "torch.jit",
            "torch.package",
            "torch.utils.cpp_extension",
            "torch._inductor",
            "torch._dynamo",
            "torch.utils._config_module",
            "torch.fx.experimental");

    /** Names that are harmful in any module that has them. */
    private static final Set<String> HARMFUL_NAMES = Set.of(
            "eval",
            "exec",
            "execfile",
            "compile",
            "open",
            "getattr",
            "setattr",
            "delattr",
            "__import__",
            "import_module",
            "apply",
            "input",
            "breakpoint",
            "globals",
            "locals",
            "vars",
            "system",
            "popen",
            "Popen",
            "spawn",
            "load",
            "loads",
            "load_module",
            "run",
            "call",
            "check_output",
            "check_call",
            "memoryview",
            "map",
            "filter",
            "reduce",
            "attrgetter",
            "itemgetter",
            "methodcaller",
            "partial");

    static ImportSafety of(Import imported) {
        String module = imported.module();
        Pattern harmless = HARMLESS.get(module);
        if (harmless != null && harmless.matcher(imported.name()).matches()) {
            return INNOCUOUS;
        }
        boolean leadsOn = List.of(imported.name().split("\\.", -1)).stream().anyMatch(HARMFUL_NAMES::contains);
        return imported.equals(Import.COMPUTED)
                        || isHarmful(module)
                        || leadsOn
                        || imported.name().contains(".")
                ? DANGEROUS
                : SUSPICIOUS;
    }

    /** The module or one that it is in. */
    private static boolean isHarmful(String module) {
        String outer = module;
        while (!HARMFUL.contains(outer)) {
            int dot = outer.lastIndexOf('.');
            if (dot < 0) {
                return false;
            }
            outer = outer.substring(0, dot);
        }
        return true;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
