package io.orrery.cli.doctor;

import io.orrery.cli.terminal.Quantity;
import io.orrery.engine.ops.DeviceDescription;
import io.orrery.engine.ops.Devices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the platform runs on: JDK, compiler, processor, memory, disk, ports. */
final class Machine {
    private static final int JDK = 25;
    private static final String CPU = "cpu";
    private static final long LEAST_MEMORY = 2_000_000_000;
    private static final long LEAST_DISK = 2_000_000_000;
    /** The flags that a kernel level asks for (see cpu_level.c), and those that a level can use. */
    private static final Set<String> FLAGS = Set.of(
            "avx2",
            "fma",
            "f16c",
            "avx512f",
            "avx512bw",
            "avx512vl",
            "avx512_vnni",
            "avx512_bf16",
            "amx_bf16",
            "asimd",
            "sve",
            "bf16");

    private Machine() {}

    static Finding jdk() {
        String found =
                System.getProperty("java.vm.name") + " " + Runtime.version() + " in " + System.getProperty("java.home");
        return Runtime.version().feature() >= JDK
                ? Finding.ok("jdk", found)
                : Finding.needed(
                        "jdk", found, "get a JDK " + JDK + " from https://adoptium.net and set JAVA_HOME to it");
    }

    static Finding compiler() {
        return Program.firstLine("cc", "--version")
                .map(version -> Finding.ok("c compiler", version))
                .orElseGet(
                        () -> Finding.absent(
                                "c compiler",
                                "no cc",
                                "install gcc or clang (apt-get install gcc) and build again; without it models run slowly in plain Java"));
    }

    /** What an engine would compute with: the level is chosen by the CPU's own flags. */
    static Finding kernels() {
        return Devices.describe().stream()
                .filter(device -> device.name().equals(CPU))
                .map(device -> finding("kernels", device))
                .findFirst()
                .orElseThrow();
    }

    /** GPUs and their emulator, or what is missing of either. */
    static List<Finding> gpus() {
        return Devices.describe().stream()
                .filter(device -> !device.name().equals(CPU))
                .map(device -> finding(device.name(), device))
                .toList();
    }

    private static Finding finding(String check, DeviceDescription device) {
        return device.isAvailable()
                ? Finding.ok(check, device.found())
                : Finding.absent(check, device.found(), device.advice());
    }

    static Finding processor() throws IOException {
        String cores = Runtime.getRuntime().availableProcessors() + " cores";
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return Finding.ok("cpu", cores + ", " + System.getProperty("os.arch"));
        }
        List<String> lines = Files.readAllLines(info);
        String model = field(lines, "model name").orElse(System.getProperty("os.arch"));
        String flags = field(lines, "flags").or(() -> field(lines, "Features")).orElse("");
        String known = Arrays.stream(flags.split("\\s+"))
                .filter(FLAGS::contains)
                .sorted()
                .collect(Collectors.joining(" "));
        return Finding.ok("cpu", cores + ", " + model + ", flags: " + (known.isEmpty() ? "none of use" : known));
    }

    private static Optional<String> field(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    static Finding memory() throws IOException {
        Path info = Path.of("/proc/meminfo");
        if (!Files.isReadable(info)) {
            return Finding.absent(
                    "memory", "unknown", "look for at least " + Quantity.bytes(LEAST_MEMORY) + " yourself");
        }
        List<String> lines = Files.readAllLines(info);
        long total = kilobytes(lines, "MemTotal");
        long limit = limit().orElse(Long.MAX_VALUE);
        String found = Quantity.bytes(Math.min(total, limit)) + (limit < total ? " (limit of this container)" : "")
                + ", " + Quantity.bytes(kilobytes(lines, "MemAvailable")) + " available on the machine";
        return Math.min(total, limit) >= LEAST_MEMORY
                ? Finding.ok("memory", found)
                : Finding.needed("memory", found, "the platform needs at least " + Quantity.bytes(LEAST_MEMORY));
    }

    private static long kilobytes(List<String> lines, String name) {
        return field(lines, name)
                .map(value -> Long.parseLong(value.replaceAll("\\D", "")) * 1024)
                .orElse(0L);
    }

    /** Of the control group (cgroup v2), where it has one. */
    private static Optional<Long> limit() throws IOException {
        Path max = Path.of("/sys/fs/cgroup/memory.max");
        if (!Files.isReadable(max)) {
            return Optional.empty();
        }
        String text = Files.readString(max).strip();
        return text.equals("max") ? Optional.empty() : Optional.of(Long.parseLong(text));
    }

    static Finding disk(Path data) throws IOException {
        Path there = data.toAbsolutePath();
        while (!Files.exists(there)) {
            there = Optional.ofNullable(there.getParent()).orElse(Path.of("/"));
        }
        long free = Files.getFileStore(there).getUsableSpace();
        String found = Quantity.bytes(free) + " free for " + data;
        if (!Files.isWritable(there)) {
            return Finding.needed("disk", there + " is not writable", "name a folder of yours with --data");
        }
        return free >= LEAST_DISK
                ? Finding.ok("disk", found)
                : Finding.needed(
                        "disk",
                        found,
                        "free at least " + Quantity.bytes(LEAST_DISK) + ", or name another folder with --data");
    }

    /** Of the gateway, and of the services where each runs by itself. */
    static List<Finding> ports() {
        List<Finding> findings = new ArrayList<>();
        for (int port = 8080; port <= 8083; port++) {
            String name = String.format(Locale.ROOT, "port %d", port);
            findings.add(
                    isFree(port)
                            ? Finding.ok(name, "free")
                            : Finding.absent(
                                    name,
                                    "in use",
                                    port == 8080
                                            ? "a platform may be up there already; or start one with: orrery up --port 8090"
                                            : "only services that run by themselves want it"));
        }
        return findings;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** PostgreSQL's binaries come with the build for Linux; as root they need a user namespace. */
    static Finding postgres() {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!System.getProperty("os.name").equals("Linux")) {
            return Finding.needed(
                    "postgresql",
                    system,
                    "the platform brings binaries for Linux only; run the services in containers (docker-compose.yml)");
        }
        if (isRoot() && Program.lines("unshare", "-U", "id").isEmpty()) {
            return Finding.needed(
                    "postgresql", "root without unshare -U", "run as another user: PostgreSQL refuses to run as root");
        }
        return Finding.ok("postgresql", "comes with the build, " + system);
    }

    private static boolean isRoot() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell who runs this process: /proc/self is not readable", e);
        }
    }
}
