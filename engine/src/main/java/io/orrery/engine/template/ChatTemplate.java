package io.orrery.engine.template;

import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * A chat template: Jinja as transformers reads it, with {@code trim_blocks} and {@code lstrip_blocks} on, no
 * autoescaping, and {@code raise_exception}, {@code strftime_now} and {@code tojson}. Immutable and safe for threads.
 *
 * <p>It is an interpreter of our own: a template reaches nothing but the values it is given, and its size, depth, steps
 * and output are bounded. Sources: jinja2 3.1.6; transformers {@code chat_template_utils.py}.
 */
public final class ChatTemplate {
    private final List<Statement> statements;

    private ChatTemplate(List<Statement> statements) {
        this.statements = statements;
    }

    /** @throws TemplateException with the line of what is not understood */
    public static ChatTemplate parse(String source) {
        return new ChatTemplate(Parser.parse(source));
    }

    /**
     * The text that the template makes of maps, lists, strings, numbers, booleans and nulls.
     *
     * @throws TemplateException where the template refuses them or fails, with its line
     */
    public String render(Map<String, ?> context) {
        return render(context, Clock.systemDefaultZone());
    }

    String render(Map<String, ?> context, Clock clock) {
        Scope globals = Scope.outermost();
        Globals.define(globals, clock);
        Scope scope = globals.inner();
        context.forEach((name, value) -> scope.set(name, Value.of(value)));
        return new Interpreter().run(statements, scope);
    }
}
