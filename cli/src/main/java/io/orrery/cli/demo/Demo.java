package io.orrery.cli.demo;

import io.orrery.api.hub.RepoType;
import io.orrery.api.openai.FileObject;
import io.orrery.api.openai.FineTuningJob;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.terminal.ProgressBar;
import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Terminal;
import io.orrery.cli.tune.JobWatch;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.Progress;
import io.orrery.hub.Upload;
import io.orrery.standalone.Standalone;
import io.orrery.standalone.StandaloneOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** From nothing to a tuned model, on this machine alone: each step goes through the doors that every client uses. */
final class Demo {
    static final String BASE = "demo/base";
    private static final int STEPS = 7;
    private static final int SUMS = 20_000;
    private static final int DATES = 12_000;

    /** Of the earlier families, so that the adapter learns the new one without unlearning them: sums are lost sooner. */
    private static final int REHEARSED_SUMS = 800;

    private static final int REHEARSED_DATES = 200;

    private final Path data;
    private final Terminal terminal;
    private final Corpus corpus = new Corpus(20_261);
    private final long start = System.nanoTime();
    private int step;

    Demo(Path data, Terminal terminal) {
        this.data = data;
        this.terminal = terminal;
    }

    /** @return whether every mark is on the right side of its bar */
    boolean run() throws IOException, InterruptedException {
        Path work = Files.createDirectories(data.resolve("demo"));
        begin("writing the corpus: sums, dates and made-up animals");
        Family sums = checked(corpus.sums(SUMS));
        Family dates = checked(corpus.dates(DATES));
        Family animals = checked(corpus.animals());
        terminal.line("      e.g. " + animals.heldOut().getFirst().text() + " -> "
                + animals.heldOut().getFirst().answer());

        Path folder = fresh(work.resolve("base"));
        BaseModel base = new BaseModel(folder);
        begin("training a tokenizer on it");
        base.trainTokenizer(Stream.of(sums, dates, animals).flatMap(family -> family.training().stream()));

        begin("training a small llama from nothing on sums and dates");
        trainBase(base, mixed(sums, dates), work);

        begin("starting the platform: PostgreSQL, Kafka and four services");
        try (Standalone platform = Standalone.start(options(), line -> terminal.line("      " + line));
                Platform client = new Platform(platform.address(), platform.adminKey())) {
            begin("publishing the model as " + BASE);
            terminal.line("      commit " + publish(client, folder));

            begin("tuning it on animals: a LoRA job through the gateway and the queue");
            String tuned = tune(client, animals, rehearsal(sums, dates), work);

            begin("asking both the same 100 held-out questions of each family");
            return examine(client, tuned, List.of(sums, dates, animals));
        }
    }

    private void begin(String what) {
        terminal.line("[%d/%d] %s (%s since the start)"
                .formatted(++step, STEPS, what, Quantity.duration(Duration.ofNanos(System.nanoTime() - start))));
    }

    private static Family checked(Family family) {
        Corpus.check(family);
        return family;
    }

    private static List<Question> mixed(Family first, Family second) {
        List<Question> all = new ArrayList<>(first.training());
        all.addAll(second.training());
        return all;
    }

    private static List<Question> rehearsal(Family sums, Family dates) {
        List<Question> some = new ArrayList<>(sums.training().subList(0, REHEARSED_SUMS));
        some.addAll(dates.training().subList(0, REHEARSED_DATES));
        return some;
    }

    /** An empty folder, also where an earlier demo left one. */
    private static Path fresh(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        return Files.createDirectories(folder);
    }

    private void trainBase(BaseModel base, List<Question> questions, Path work) {
        try (ProgressBar progress = terminal.counted("      step")) {
            base.train(questions, work, progress);
        }
    }

    private StandaloneOptions options() {
        return new StandaloneOptions(data, "127.0.0.1", 0, "cpu", 0);
    }

    private static String publish(Platform client, Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Upload> uploads = files.sorted()
                    .map(file -> Upload.file(file.getFileName().toString(), file))
                    .toList();
            return client.hub()
                    .commit(new CommitRequest(RepoType.MODEL, BASE, "main", "Train from nothing", uploads)
                            .creatingRepository())
                    .commitOid();
        }
    }

    private String tune(Platform client, Family animals, List<Question> rehearsal, Path work) {
        Path file = work.resolve("animals.jsonl");
        List<Question> lesson = new ArrayList<>(animals.training());
        lesson.addAll(rehearsal);
        TrainingFile.write(file, lesson);
        FileObject uploaded = client.upload(file, "fine-tune", Progress.SILENT);
        FineTuningJob job = client.submit(Map.of(
                "model",
                BASE,
                "training_file",
                uploaded.id(),
                "suffix",
                "animals",
                "seed",
                1,
                "method",
                Map.of("type", "supervised", "supervised", Map.of("hyperparameters", LoraRecipe.VALUES))));
        terminal.line("      job " + job.id() + ": " + animals.training().size() + " questions about animals, "
                + rehearsal.size() + " of the others, so as not to forget them");
        FineTuningJob ended = new JobWatch(client, terminal, false).untilEnd(job.id());
        return Optional.ofNullable(ended.fineTunedModel())
                .orElseThrow(() -> new DemoException("the job " + ended.id() + " " + ended.status()
                        + (ended.error() == null ? "" : ": " + ended.error().message())));
    }

    private boolean examine(Platform client, String tuned, List<Family> families) throws InterruptedException {
        ReportCard card;
        try (ProgressBar progress = terminal.counted("      asked")) {
            Examination examination = new Examination(client, progress);
            card = new ReportCard(
                    marks(examination, BASE, families, "base"), marks(examination, tuned, families, "tuned"));
        }
        terminal.line("");
        card.lines().forEach(terminal::line);
        terminal.line("");
        card.misses().forEach(terminal::line);
        terminal.line("%s in all; ask it yourself: ./orrery up --data %s, then ./orrery run %s"
                .formatted(Quantity.duration(Duration.ofNanos(System.nanoTime() - start)), data, tuned));
        return card.misses().isEmpty();
    }

    private static ReportCard.Marks marks(Examination examination, String model, List<Family> families, String as)
            throws InterruptedException {
        return new ReportCard.Marks(
                examination.percentRight(model, families.get(0), as),
                examination.percentRight(model, families.get(1), as),
                examination.percentRight(model, families.get(2), as));
    }
}
