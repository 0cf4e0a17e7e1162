package io.orrery.cli.doctor;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the platform can use and does without: a GPU with driver and toolkit, Node, Docker. */
final class Extras {
    private static final String NVCC = "/usr/local/cuda/bin/nvcc";

    private Extras() {}

    static List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        findings.add(driver());
        findings.add(libcuda());
        findings.add(nvcc());
        findings.add(program(
                "node", "some tests run real JavaScript clients; get it from https://nodejs.org", "node", "--version"));
        findings.add(program(
                "docker",
                "containers (docker-compose.yml) need it; the platform itself does not",
                "docker",
                "--version"));
        return findings;
    }

    private static Finding driver() {
        List<String> gpus =
                Program.lines("nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader");
        if (!gpus.isEmpty()) {
            return Finding.ok("gpu", String.join("; ", gpus));
        }
        return Files.exists(Path.of("/proc/driver/nvidia/version"))
                ? Finding.absent(
                        "gpu",
                        "a driver, and nvidia-smi does not answer",
                        "reinstall the NVIDIA driver so that module and tools are of one version")
                : Finding.absent("gpu", "no NVIDIA driver", "models run on the CPU; for a GPU install NVIDIA's driver");
    }

    private static Finding libcuda() {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup("libcuda.so.1", arena);
            return Finding.ok("libcuda", "libcuda.so.1 loads");
        } catch (IllegalArgumentException e) {
            return Finding.absent("libcuda", "libcuda.so.1 does not load", "it comes with NVIDIA's driver");
        }
    }

    private static Finding nvcc() {
        List<String> path = Program.lines("nvcc", "--version");
        List<String> lines = path.isEmpty() ? Program.lines(NVCC, "--version") : path;
        return lines.stream()
                .filter(line -> line.contains("release"))
                .findFirst()
                .map(line -> Finding.ok("nvcc", line.strip()))
                .orElseGet(() -> Finding.absent(
                        "nvcc",
                        "no nvcc",
                        "kernels for GPUs are built where there is one (CUDA toolkit 12.6 or newer)"));
    }

    private static Finding program(String name, String advice, String... command) {
        return Program.firstLine(command)
                .map(version -> Finding.ok(name, version))
                .orElseGet(() -> Finding.absent(name, "no " + name, advice));
    }
}
