package io.orrery.engine.template;

import io.orrery.engine.template.Statement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Parses a template's statements. Source: jinja2 3.1.6 {@code parser.py}; {@code generation} is transformers'. */
final class Parser {
    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int loops;

    private Parser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    /** @throws TemplateException with the line of what is not understood */
    static List<Statement> parse(String source) {
        if (source.length() > Limits.SOURCE) {
            throw new TemplateException("a chat template of " + source.length()
                    + " characters is longer than the limit of " + Limits.SOURCE);
        }
        Parser parser = new Parser(new TokenStream(Lexer.scan(source)));
        List<Statement> statements = parser.body(List.of());
        if (!parser.tokens.current().is(Token.Kind.END)) {
            throw parser.tokens.unexpected("the end of the template");
        }
        return statements;
    }

    /** Statements up to a block tag that begins with one of {@code ends}; that name is the current token then. */
    private List<Statement> body(List<String> ends) {
        tokens.enter();
        List<Statement> statements = new ArrayList<>();
        while (!tokens.current().is(Token.Kind.END)) {
            Token token = tokens.next();
            switch (token.kind()) {
                case TEXT -> statements.add(new Statement.Text(token.text()));
                case OUTPUT_BEGIN -> statements.add(output(token.line()));
                default -> {
                    if (ends.contains(tokens.current().text())
                            && tokens.current().is(Token.Kind.NAME)) {
                        tokens.leave();
                        return List.copyOf(statements);
                    }
                    statements.add(statement());
                }
            }
        }
        if (!ends.isEmpty()) {
            throw tokens.unexpected(String.join(" or ", ends));
        }
        tokens.leave();
        return List.copyOf(statements);
    }

    private Statement output(int line) {
        Expression expression = expressions.tuple(true);
        tokens.expect(Token.Kind.OUTPUT_END, "'}}'");
        return new Statement.Output(expression, line);
    }

    private Statement statement() {
        Token name = tokens.expect(Token.Kind.NAME, "a statement");
        int line = name.line();
        return switch (name.text()) {
            case "if" -> conditional(line);
            case "for" -> loop(line);
            case "set" -> assignment(line);
            case "macro" -> macro();
            case "call" -> callBlock(line);
            case "filter" -> filterBlock(line);
            case "with" -> scope(expressions.bindings(), "endwith", line);
            case "generation" -> scope(Map.of(), "endgeneration", line);
            case "break" -> leaveLoop(new Statement.Break(), name);
            case "continue" -> leaveLoop(new Statement.Continue(), name);
            default -> throw new TemplateException("the statement " + name.described() + " is not known", line);
        };
    }

    private List<Statement> block(String... ends) {
        endTag();
        return body(List.of(ends));
    }

    private void endTag() {
        tokens.expect(Token.Kind.BLOCK_END, "'%}'");
    }

    /** A body whose end has one name only; its end tag is read. */
    private List<Statement> blockTo(String end) {
        List<Statement> statements = block(end);
        tokens.next();
        endTag();
        return statements;
    }

    private Statement conditional(int first) {
        List<Statement.Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        int line = first;
        while (true) {
            Expression condition = expressions.tuple(false);
            List<Statement> body = block("elif", "else", "endif");
            branches.add(new Statement.Branch(condition, body, line));
            Token end = tokens.next();
            line = end.line();
            if (!end.text().equals("elif")) {
                if (end.text().equals("else")) {
                    otherwise = blockTo("endif");
                } else {
                    endTag();
                }
                return new Statement.If(List.copyOf(branches), otherwise);
            }
        }
    }

    private Statement loop(int line) {
        Target target = target(false);
        if (!tokens.skipName("in")) {
            throw tokens.unexpected("'in'");
        }
        Expression over = expressions.tuple(false);
        Optional<Expression> condition = tokens.skipName("if") ? Optional.of(expressions.parse()) : Optional.empty();
        if (tokens.current().isName("recursive")) {
            throw tokens.failure("recursive loops are not supported; use a macro that calls itself");
        }
        loops++;
        List<Statement> body = block("else", "endfor");
        loops--;
        boolean hasElse = tokens.next().text().equals("else");
        List<Statement> otherwise = hasElse ? blockTo("endfor") : List.of();
        if (!hasElse) {
            endTag();
        }
        return new Statement.For(new Statement.Loop(target, over, condition), body, otherwise, line);
    }

    /** One or several targets with commas between them; those of a {@code set} may be attributes of a namespace. */
    private Target target(boolean attributes) {
        Target first = oneTarget(attributes);
        if (!tokens.current().isOperator(",")) {
            return first;
        }
        List<Target> targets = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !tokens.current().isName("in") && !expressions.endsTuple()) {
            targets.add(oneTarget(attributes));
        }
        return new Target.Tuple(List.copyOf(targets));
    }

    private Target oneTarget(boolean attributes) {
        if (tokens.skipOperator("(")) {
            tokens.enter();
            Target inside = target(attributes);
            tokens.leave();
            tokens.expectOperator(")");
            return inside;
        }
        String name = assignable();
        if (attributes && tokens.skipOperator(".")) {
            tokens.sawName(name);
            return new Target.Attribute(
                    name, tokens.expect(Token.Kind.NAME, "an attribute's name").text());
        }
        return new Target.Name(name);
    }

    private String assignable() {
        Token name = tokens.expect(Token.Kind.NAME, "a name");
        if (Set.of("true", "false", "none", "True", "False", "None").contains(name.text())) {
            throw new TemplateException("a value cannot be assigned to " + name.described(), name.line());
        }
        return name.text();
    }

    private Statement assignment(int line) {
        Target target = target(true);
        if (tokens.skipOperator("=")) {
            Expression value = expressions.tuple(true);
            endTag();
            return new Statement.Assign(target, value, line);
        }
        Expression block = new Expression.Block();
        Expression filtered = tokens.skipOperator("|") ? expressions.namedFilters(block) : block;
        return new Statement.AssignBlock(target, filtered, blockTo("endset"), line);
    }

    private Statement macro() {
        String name = assignable();
        return new Statement.DefineMacro(macro(name, parameters(), "endmacro"));
    }

    private Statement.Macro macro(String name, List<Statement.Parameter> parameters, String end) {
        int outerLoops = loops;
        loops = 0;
        Set<String> outer = tokens.beginNames();
        List<Statement> body = blockTo(end);
        Set<String> names = tokens.endNames(outer);
        loops = outerLoops;
        return new Statement.Macro(name, parameters, body, names);
    }

    private List<Statement.Parameter> parameters() {
        List<Statement.Parameter> parameters = new ArrayList<>();
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            String name = assignable();
            boolean hasDefault = tokens.skipOperator("=");
            if (!hasDefault
                    && !parameters.isEmpty()
                    && parameters.getLast().otherwise().isPresent()) {
                throw tokens.failure("the parameter '" + name + "' without a default follows one with a default");
            }
            parameters.add(
                    new Statement.Parameter(name, hasDefault ? Optional.of(expressions.parse()) : Optional.empty()));
        }
        return List.copyOf(parameters);
    }

    private Statement callBlock(int line) {
        List<Statement.Parameter> parameters = tokens.current().isOperator("(") ? parameters() : List.of();
        if (!(expressions.parse() instanceof Expression.Call call)) {
            throw tokens.failure("a call block needs a call");
        }
        return new Statement.CallBlock(call, macro("caller", parameters, "endcall"), line);
    }

    private Statement filterBlock(int line) {
        Expression filtered = expressions.namedFilters(new Expression.Block());
        return new Statement.FilterBlock(filtered, blockTo("endfilter"), line);
    }

    private Statement scope(Map<String, Expression> values, String end, int line) {
        return new Statement.With(values, blockTo(end), line);
    }

    private Statement leaveLoop(Statement statement, Token name) {
        if (loops == 0) {
            throw new TemplateException(name.described() + " stands outside a loop", name.line());
        }
        endTag();
        return statement;
    }
}
