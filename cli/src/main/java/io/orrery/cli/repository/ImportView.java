package io.orrery.cli.repository;

import io.orrery.api.hub.ImportEvent;
import io.orrery.cli.terminal.ProgressBar;
import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Terminal;
import java.util.function.Consumer;

/** Shows how a cache is taken in: a bar for each repository and what was left out, or an object a line. For one thread. */
final class ImportView implements Consumer<ImportEvent>, AutoCloseable {
    private final Terminal terminal;
    private final boolean json;
    private final boolean isDry;
    private final ProgressBar bar;
    private ImportEvent end = new ImportEvent.Failed("nothing was answered");
    private long done;
    private long total;

    ImportView(Terminal terminal, boolean json, boolean isDry) {
        this.terminal = terminal;
        this.json = json;
        this.isDry = isDry;
        this.bar = terminal.bytes("import");
    }

    /** What happened last. */
    ImportEvent end() {
        return end;
    }

    @Override
    public void accept(ImportEvent event) {
        end = event;
        if (json) {
            terminal.json(event);
            return;
        }
        switch (event) {
            case ImportEvent.Found found -> {
                done = 0;
                total = found.bytes();
                terminal.line(found.type() + " " + found.repo() + ": " + found.revisions() + " revisions, "
                        + found.files() + " files, " + Quantity.bytes(found.bytes()));
            }
            case ImportEvent.Progress progress ->
                bar.report(progress.path(), Math.min(total, done + progress.done()), total);
            case ImportEvent.Taken taken -> {
                done += taken.size();
                bar.report(taken.path(), Math.min(total, done), total);
            }
            case ImportEvent.Skipped skipped -> bar.note("left out: " + skipped.path() + " (" + skipped.why() + ")");
            case ImportEvent.Done all -> sum(all);
            case ImportEvent.Failed _ -> {}
        }
    }

    private void sum(ImportEvent.Done all) {
        String what = all.repositories() + " repositories, " + all.revisions() + " revisions, " + all.files()
                + " files (" + Quantity.bytes(all.bytes()) + ")";
        terminal.note(
                isDry
                        ? what + " could be taken in; " + all.skipped() + " things would be left out"
                        : what + " are in; " + Quantity.bytes(all.linked()) + " were linked, "
                                + Quantity.bytes(all.copied()) + " copied, " + all.skipped() + " things left out");
    }

    @Override
    public void close() {
        bar.close();
    }
}
