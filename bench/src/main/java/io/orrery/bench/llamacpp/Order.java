package io.orrery.bench.llamacpp;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * What is to be compared.
 *
 * @param orrery our command
 * @param libraries llama.cpp's folder
 * @param bandwidth the program that measures it
 * @param models has {@code SHAPE-TYPE.gguf} for every type
 * @param rounds in each of which both compute once
 */
record Order(
        Path orrery,
        Path libraries,
        Path bandwidth,
        Path models,
        String shape,
        List<String> types,
        Tests tests,
        int threads,
        int rounds) {
    /**
     * @param prompt tokens of a prompt
     * @param answer tokens of an answer
     */
    record Tests(int prompt, int answer) {}

    /** @throws IllegalArgumentException where an option is not known */
    static Order of(String... arguments) {
        Path orrery = Path.of("orrery");
        Path libraries = Path.of("llama-cpp");
        Path bandwidth = Path.of("read_bandwidth");
        Path models = Path.of("models");
        String shape = "qwen3-0.6b";
        List<String> types = List.of();
        int prompt = 512;
        int answer = 128;
        int threads = Runtime.getRuntime().availableProcessors();
        int rounds = 5;
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(arguments));
        while (rest.size() > 1) {
            String option = rest.removeFirst();
            String value = rest.removeFirst();
            switch (option) {
                case "--orrery" -> orrery = Path.of(value);
                case "--libraries" -> libraries = Path.of(value);
                case "--bandwidth" -> bandwidth = Path.of(value);
                case "--models" -> models = Path.of(value);
                case "--shape" -> shape = value;
                case "--types" -> types = List.of(value.split(","));
                case "-p" -> prompt = Integer.parseInt(value);
                case "-n" -> answer = Integer.parseInt(value);
                case "-t" -> threads = Integer.parseInt(value);
                case "-r" -> rounds = Integer.parseInt(value);
                default -> throw new IllegalArgumentException("there is no option " + option);
            }
        }
        return new Order(
                orrery, libraries, bandwidth, models, shape, types, new Tests(prompt, answer), threads, rounds);
    }

    Path model(String type) {
        return models.resolve(shape + "-" + type + ".gguf");
    }
}
