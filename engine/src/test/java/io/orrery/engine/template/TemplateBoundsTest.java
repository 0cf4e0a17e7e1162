package io.orrery.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What a hostile template meets: an end, soon, and a sentence. */
class TemplateBoundsTest {
    private static final Map<String, Object> CONTEXT = Map.of(
            "messages",
            List.of(Map.of("role", "user", "content", "Hi"), Map.of("role", "assistant", "content", "x")),
            "add_generation_prompt",
            true,
            "bos_token",
            "<s>");

    @ParameterizedTest
    @Timeout(20)
    @ValueSource(
            strings = {
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m(k) %}{{ m(k + 1) }}{{ m(k + 1) }}{% endmacro %}{{ m(0) }}",
                "{{ 'x' * 999999999 }}",
                "{{ [0] * 999999999 }}",
                "{{ 'ab' * 4000000 | replace('a', 'ab' * 100) }}",
                "{% set ns = namespace(a='x') %}{% for i in range(99) %}{% set ns.a = ns.a + ns.a %}{% endfor %}",
                "{% set ns = namespace(a=[1]) %}{% for i in range(99) %}{% set ns.a = [ns.a, ns.a] %}{% endfor %}{{ ns.a }}",
                "{% set ns = namespace(a=[1]) %}{% for i in range(999) %}{% set ns.a = [ns.a] %}{% endfor %}{{ ns.a }}",
                "{% for a in range(99999) %}{{ 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' * 99 }}{% endfor %}",
                "{{ '%99999d' % 1 }}",
                "{{ '' | center(99999999999) }}",
                "{{ 9 ** 99999999999 }}",
                "{{ 9223372036854775807 + 1 }}",
                "{{ range(0, 9223372036854775807, 9223372036854775806) | list | length + 9223372036854775807 }}",
                "{{ 'a' | indent(99999999999) | urlencode | nofilter }}",
                "{{ ('x' * 9999999) | list | length }}"
            })
    void aTemplateThatWouldNotEndEnds(String source) {
        assertThatThrownBy(() -> ChatTemplate.parse(source).render(CONTEXT)).isInstanceOf(TemplateException.class);
    }

    @Test
    void nestingIsBoundedWhileParsing() {
        for (String open : List.of("(", "[", "{1:", "not ", "-", "a(", "a[", "a if b else ", "x|f(")) {
            assertThatThrownBy(() -> ChatTemplate.parse("{{ " + open.repeat(100_000) + " }}"))
                    .as(open)
                    .isInstanceOf(TemplateException.class);
        }
        assertThatThrownBy(() -> ChatTemplate.parse("{% if x %}".repeat(50_000)))
                .hasMessageContaining("nested deeper");
        assertThatThrownBy(() -> ChatTemplate.parse("{% for " + "(".repeat(50_000)))
                .isInstanceOf(TemplateException.class);
    }

    @Test
    void aLongChainIsRefusedAndNotAStackOverflow() {
        for (String link : List.of(" + 1", "|string", ".x", " and 1", "[0]", "()", " if 1", " ** 1", " ~ 1")) {
            assertThatThrownBy(() -> ChatTemplate.parse("{{ 1" + link.repeat(50_000) + " }}")
                            .render(CONTEXT))
                    .as(link)
                    .isInstanceOf(TemplateException.class);
        }
    }

    @Test
    void aTemplateOfMoreThanAMebibyteIsRefused() {
        assertThatThrownBy(() -> ChatTemplate.parse("x".repeat((1 << 20) + 1)))
                .hasMessageContaining("longer than the limit");
    }

    @Test
    void aConversationOfAMillionCharactersRenders() {
        List<Map<String, Object>> messages = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            messages.add(Map.of("role", i % 2 == 0 ? "user" : "assistant", "content", "word ".repeat(500)));
        }
        String source = "{% for m in messages %}{{ m.role + ': ' + m.content | trim + '\\n' }}{% endfor %}";
        assertThat(ChatTemplate.parse(source).render(Map.of("messages", messages)))
                .hasSizeGreaterThan(4_000_000);
    }

    @Test
    @SuppressWarnings("unchecked")
    void mutatedTemplatesFailOnlyWithTemplateExceptions() throws Exception {
        List<String> sources = new ArrayList<>();
        sources.addAll(
                ((Map<String, String>) resource("published-templates.json").get("templates")).values());
        for (Map<String, String> each :
                (List<Map<String, String>>) resource("template-cases.json").get("cases")) {
            sources.add(each.get("template"));
        }
        Random random = new Random(17);
        long slowest = 0;
        int rendered = 0;
        for (int round = 0; round < 6000; round++) {
            String source = mutated(sources.get(random.nextInt(sources.size())), sources, random);
            long began = System.nanoTime();
            try {
                ChatTemplate.parse(source).render(CONTEXT);
                rendered++;
            } catch (TemplateException expected) {
                assertThat(expected.getMessage()).as(source).isNotNull();
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError escaped) {
                throw new AssertionError("round " + round + ": " + source, escaped);
            }
            slowest = Math.max(slowest, System.nanoTime() - began);
        }
        assertThat(rendered).as("some mutants still render").isGreaterThan(100);
        assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(10));
    }

    private static String mutated(String source, List<String> others, Random random) {
        StringBuilder text = new StringBuilder(source);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> text.insert(at, text.substring(at, end));
                case 3 -> {
                    String other = others.get(random.nextInt(others.size()));
                    int from = random.nextInt(other.length());
                    text.insert(at, other, from, Math.min(other.length(), from + random.nextInt(60)));
                }
                default -> text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
            }
        }
        return text.toString();
    }

    private static final List<String> PIECES = List.of(
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            "-",
            "+",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "|",
            ".",
            ",",
            "'",
            "\"",
            "\\",
            "messages",
            "none",
            "loop",
            "9999999999",
            "9223372036854775807",
            "-1",
            "0",
            "1e999",
            "''",
            "*",
            "//",
            "%",
            "**",
            " if ",
            " else ",
            " is ",
            " not ",
            " in ",
            "{% if x %}",
            "{% endif %}",
            "{% for x in messages %}",
            "{% endfor %}",
            "{% set x = messages %}",
            "{% macro m(a) %}",
            "{% endmacro %}",
            "|tojson",
            "|int",
            "|round(99)",
            "|indent(99999)",
            ".split('a')",
            "[::-1]",
            "[-99:99:3]",
            ".format",
            "|map('upper')",
            "|sort",
            "|batch(2)",
            "\u0000",
            "\uD800",
            "é",
            "\n",
            "\t");

    @SuppressWarnings("unchecked")
    private static Map<String, Object> resource(String name) throws Exception {
        try (InputStream in = TemplateBoundsTest.class.getResourceAsStream(name)) {
            return JsonMapper.shared().readValue(in, Map.class);
        }
    }
}
