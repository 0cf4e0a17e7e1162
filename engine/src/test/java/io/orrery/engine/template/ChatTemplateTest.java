package io.orrery.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

class ChatTemplateTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-01-05T03:04:09Z"), ZoneOffset.UTC);

    /** The resource says what made it: jinja2 itself, in transformers' environment. */
    @TestFactory
    @SuppressWarnings("unchecked")
    List<DynamicTest> smallTemplatesRenderAsInJinja() throws Exception {
        Map<String, Object> resource = resource("template-cases.json");
        Map<String, Object> context = (Map<String, Object>) resource.get("context");
        List<DynamicTest> tests = new ArrayList<>();
        for (Map<String, String> each : (List<Map<String, String>>) resource.get("cases")) {
            tests.add(DynamicTest.dynamicTest(each.get("template"), () -> check(each, context, "message")));
        }
        return tests;
    }

    /** Templates of published models, with renderings by jinja2 3.1.6. */
    @TestFactory
    @SuppressWarnings("unchecked")
    List<DynamicTest> publishedTemplatesRenderAsInJinja() throws Exception {
        Map<String, Object> resource = resource("published-templates.json");
        Map<String, String> templates = (Map<String, String>) resource.get("templates");
        List<DynamicTest> tests = new ArrayList<>();
        for (Map<String, Object> each : (List<Map<String, Object>>) resource.get("cases")) {
            Map<String, Object> context = (Map<String, Object>) each.get("context");
            String source = templates.get((String) each.get("template"));
            tests.add(DynamicTest.dynamicTest((String) each.get("name"), () -> {
                if (each.containsKey("error")) {
                    assertThatThrownBy(() -> ChatTemplate.parse(source).render(context))
                            .isInstanceOf(TemplateException.class)
                            .hasMessage((String) each.get("error"));
                } else {
                    assertThat(ChatTemplate.parse(source).render(context)).isEqualTo(each.get("expected"));
                }
            }));
        }
        return tests;
    }

    private static void check(Map<String, String> each, Map<String, Object> context, String message) {
        if (each.containsKey("expected")) {
            assertThat(ChatTemplate.parse(each.get("template")).render(context, CLOCK))
                    .isEqualTo(each.get("expected"));
            return;
        }
        TemplateException thrown = catchThrowableOfType(
                TemplateException.class,
                () -> ChatTemplate.parse(each.get("template")).render(context, CLOCK));
        assertThat(thrown).isNotNull();
        if (each.get("error").equals("TemplateError")) {
            assertThat(thrown).hasMessage(each.get(message));
            assertThat(thrown.isRaised()).isTrue();
        } else {
            assertThat(thrown.line()).isPositive();
            assertThat(thrown).hasMessageStartingWith("line " + thrown.line() + " of the chat template: ");
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> resource(String name) throws Exception {
        try (InputStream in = ChatTemplateTest.class.getResourceAsStream(name)) {
            return JsonMapper.shared().readValue(in, Map.class);
        }
    }

    @Test
    void anErrorNamesTheLineItHappenedAt() {
        assertThatThrownBy(() -> ChatTemplate.parse("a\n{% if x %}\n{{ 'b' + 1 }}\n{% endif %}\n")
                        .render(Map.of("x", true)))
                .hasMessage("line 3 of the chat template: can only concatenate str (not \"int\") to str");
        assertThatThrownBy(() -> ChatTemplate.parse("a\nb {# c\n #}\n{% fo x in y %}"))
                .hasMessage("line 4 of the chat template: the statement 'fo' is not known");
    }

    @Test
    void aValueThatIsNotJsonIsRefused() {
        assertThatThrownBy(() -> ChatTemplate.parse("{{ x }}").render(Map.of("x", new Object())))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("java.lang.Object");
    }

    @Test
    void generationOnlyMarksWhatItHolds() {
        assertThat(ChatTemplate.parse("a{% generation %}b{% set x = 1 %}{% endgeneration %}{{ x }}c")
                        .render(Map.of()))
                .isEqualTo("abc");
    }
}
