package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ccrelayer.internal.envelope.CacheBreakpoint.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFactsTest {
    private final Bench bench = new Bench();

    private RequestFacts with(String members) {
        return bench.facts("{\"model\":\"m\"," + members + "}");
    }

    @Test
    void finds_the_model_and_where_it_stands() {
        String body = " {\"messages\":[],\n \"model\" : \"claude-é\\u0041\" , \"stream\":true} ";
        RequestFacts facts = bench.facts(body);
        assertThat(facts.model()).isEqualTo("claude-éA");
        byte[] bytes = Bench.utf8(body);
        int start = (int) facts.modelStart();
        assertThat(new String(bytes, start, (int) facts.modelEnd() - start, java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("\"claude-é\\u0041\"");
        assertThat(facts.stream()).isTrue();
    }

    @Test
    void is_content_with_a_model_alone() {
        RequestFacts facts = bench.facts("{\"model\":\"m\"}");
        assertThat(facts)
                .isEqualTo(new RequestFacts(
                        "m",
                        9,
                        12,
                        false,
                        OptionalLong.empty(),
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        PinnedIds.NONE,
                        false,
                        new CostFacts(13, 0, 0, false, false, false, 0, 0, 0, false, false, 0, null),
                        null));
    }

    @Test
    void compares_names_unescaped() {
        RequestFacts facts = bench.facts(
                "{\"mod\\u0065l\":\"m\",\"\\u0073tream\":true,\"meta\\u0064ata\":{\"user\\u005fid\":\"u\"}}");
        assertThat(facts.model()).isEqualTo("m");
        assertThat(facts.stream()).isTrue();
        assertThat(facts.userId()).isEqualTo("u");
    }

    @Test
    void is_not_fooled_by_the_same_names_in_other_places() {
        String decoys = "\"model\":\"x\",\"stream\":true,\"max_tokens\":\"x\",\"metadata\":{\"user_id\":\"x\"},"
                + "\"thread\":{\"previous_message_id\":\"x\"},\"container\":\"x\",\"speed\":\"x\",\"service_tier\":7,"
                + "\"fallback_credit_token\":\"x\",\"model\":7,\"user_id\":\"x\",\"previous_message_id\":\"x\",\"id\":\"x\","
                + "\"token\":\"x\"";
        RequestFacts facts = bench.facts("{\"messages\":[{" + decoys + ",\"content\":[{" + decoys + "}]},[{" + decoys
                + "}]],\"tools\":[{" + decoys + "}],\"system\":{" + decoys + "},\"other\":{" + decoys
                + "},\"id\":\"x\","
                + "\"user_id\":\"x\",\"thread\":[{\"previous_message_id\":\"x\"}],\"metadata\":{\"a\":{\"user_id\":\"x\"}},"
                + "\"model\":\"m\"}");
        assertThat(facts.model()).isEqualTo("m");
        assertThat(facts.stream()).isFalse();
        assertThat(facts.maxTokens()).isEmpty();
        assertThat(facts.userId()).isNull();
        assertThat(facts.speed()).isNull();
        assertThat(facts.serviceTier()).isNull();
        assertThat(facts.pinned()).isEqualTo(PinnedIds.NONE);
    }

    @ParameterizedTest
    @CsvSource({"true,true", "false,false", "null,false"})
    void reads_stream(String value, boolean expected) {
        assertThat(with("\"stream\":" + value).stream()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-0,0",
        "1,1",
        "1024,1024",
        "1024.0,1024",
        "1e3,1000",
        "1.5E+1,15",
        "10e-1,1",
        "1000000000,1000000000",
        "0e999999999,0"
    })
    void reads_whole_numbers_of_tokens_however_they_are_spelled(String value, long expected) {
        assertThat(with("\"max_tokens\":" + value).maxTokens()).hasValue(expected);
    }

    @Test
    void takes_null_tokens_for_none() {
        assertThat(with("\"max_tokens\":null").maxTokens()).isEmpty();
    }

    @Test
    void finds_user_and_price_fields() {
        RequestFacts facts = with("\"metadata\":{\"x\":[1],\"user_id\":\"u\\n1\"},\"speed\":\"fast\","
                + "\"inference_geo\":\"us\",\"service_tier\":\"auto\"");
        assertThat(facts.userId()).isEqualTo("u\n1");
        assertThat(facts.speed()).isEqualTo("fast");
        assertThat(facts.inferenceGeo()).isEqualTo("us");
        assertThat(facts.serviceTier()).isEqualTo("auto");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"text\"", "7", "true", "null", "[]", "[{\"user_id\":\"u\",\"id\":\"c\"}]", "{}"})
    void leaves_values_of_the_wrong_kind_to_the_upstream(String value) {
        String[] names = {"metadata", "thread", "diagnostics", "messages", "system", "tools", "cache_control", "other"};
        String members = java.util.Arrays.stream(names)
                .map(name -> "\"" + name + "\":" + value)
                .collect(Collectors.joining(","));
        RequestFacts facts = with(members + ",\"speed\":7,\"service_tier\":{},\"inference_geo\":[\"x\"]");
        assertThat(facts.userId()).isNull();
        assertThat(facts.speed()).isNull();
        assertThat(facts.pinned().threadPreviousMessageId()).isNull();
    }

    @Test
    void finds_what_pins_a_request_to_an_account() {
        PinnedIds pinned = with("\"thread\":{\"type\":\"continue\",\"previous_message_id\":\"t\"},"
                        + "\"diagnostics\":{\"previous_message_id\":\"d\"},\"container\":{\"skills\":[{\"id\":\"no\"}],\"id\":\"c\"},"
                        + "\"fallback_credit_token\":{\"token\":\"f\"}")
                .pinned();
        assertThat(pinned).isEqualTo(new PinnedIds("t", "d", "c", Set.of(), Set.of(), true, "f"));
        pinned = with("\"container\":\"c\",\"fallback_credit_token\":\"f\"").pinned();
        assertThat(pinned).isEqualTo(new PinnedIds(null, null, "c", Set.of(), Set.of(), true, "f"));
        pinned =
                with("\"container\":null,\"fallback_credit_token\":null,\"diagnostics\":{\"previous_message_id\":null}")
                        .pinned();
        assertThat(pinned).isEqualTo(PinnedIds.NONE);
    }

    @Test
    void takes_empty_ids_for_none_but_tells_a_credit() {
        RequestFacts facts =
                with("\"metadata\":{\"user_id\":\"\"},\"container\":\"\",\"thread\":{\"previous_message_id\":\"\"},"
                        + "\"fallback_credit_token\":7,\"x\":{\"file_id\":\"\"}");
        assertThat(facts.userId()).isNull();
        assertThat(facts.pinned()).isEqualTo(new PinnedIds(null, null, null, Set.of(), Set.of(), true, null));
    }

    @Test
    void finds_files_wherever_they_stand() {
        String deep = "[".repeat(20) + "{\"file_id\":\"f5\"}" + "]".repeat(20);
        RequestFacts facts = with(
                "\"messages\":[{\"content\":[{\"type\":\"image\",\"source\":{\"file_id\":\"f1\"}},"
                        + "{\"type\":\"container_upload\",\"file_id\":\"f2\"}]}],\"system\":[{\"file_id\":\"f3\"}],"
                        + "\"tool_choice\":[{\"x\":{\"file\\u005fid\":\"f4\"}}],\"y\":" + deep
                        + ",\"file_id\":\"f6\",\"metadata\":{\"file_id\":\"f6\"},\"cache_control\":{\"file_id\":\"f7\"},"
                        + "\"z\":[{\"file_id\":\"f1\"},{\"file_id\":7},{\"file_id\":{\"file_id\":\"f8\"}},\"file_id\",{\"afile_id\":\"no\"}]");
        assertThat(facts.pinned().fileIds()).containsExactly("f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tools\":[{\"input_examples\":[{\"file_id\":\"no\"}],\"file_id\":\"no\"}]",
                "\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"input\":{\"file_id\":\"no\",\"x\":[{\"file_id\":\"no\"}]}}]}]",
                "\"messages\":[{\"content\":[{\"type\":\"text\",\"citations\":[{\"file_id\":\"no\"}]}]}]",
                "\"messages\":[{\"content\":[{\"input\":[{\"file_id\":\"no\"}],\"type\":\"mcp_tool_use\"}]}]",
                "\"messages\":[{\"content\":[{\"content\":[{\"input\":{\"content\":[{\"file_id\":\"no\"}]}}]}]}]"
            })
    void leaves_files_alone_that_are_only_told_of(String members) {
        assertThat(with(members).pinned().fileIds()).isEmpty();
        String behind = members.substring(0, members.length() - 1) + ",{\"file_id\":\"f\",\"input\":7}]";
        assertThat(with(behind + ",\"input\":{\"file_id\":\"g\"}").pinned().fileIds())
                .containsExactlyElementsOf(members.contains("tools\"") ? List.of("g") : List.of("f", "g"));
    }

    @Test
    void finds_the_custom_skills_of_a_container() {
        assertThat(with("\"container\":{\"skills\":["
                                + "{\"type\":\"custom\",\"skill_id\":\"s1\",\"version\":\"latest\"},"
                                + "{\"skill_id\":\"s\\u0032\",\"type\":\"custom\"},"
                                + "{\"type\":\"anthropic\",\"skill_id\":\"xlsx\"},{\"skill_id\":\"none\"},\"custom\",7,"
                                + "{\"type\":\"custom\",\"x\":{\"skill_id\":\"deeper\"}},"
                                + "[{\"type\":\"custom\",\"skill_id\":\"listed\"}],"
                                + "{\"type\":\"anthropic\",\"type\":\"custom\",\"skill_id\":\"s3\",\"skill_id\":\"s4\"}],"
                                + "\"other\":[{\"type\":\"custom\",\"skill_id\":\"no\"}]},"
                                + "\"skills\":[{\"type\":\"custom\",\"skill_id\":\"no\"}],"
                                + "\"messages\":{\"skills\":[{\"type\":\"custom\",\"skill_id\":\"no\"}]}")
                        .pinned()
                        .skillIds())
                .containsExactly("s1", "s2", "s3", "s4");
    }

    @Test
    void keeps_a_thousand_files() {
        String files = IntStream.range(0, 2000)
                .mapToObj(i -> "{\"file_id\":\"f" + i % 1000 + "\"}")
                .collect(Collectors.joining(","));
        assertThat(with("\"messages\":[" + files + "]").pinned().fileIds()).hasSize(1000);
    }

    @Test
    void finds_cache_breakpoints_in_the_order_of_the_body() {
        String body =
                "{\"model\":\"m\",\"tools\":[{\"name\":\"a\"},{\"name\":\"b\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}],"
                        + "\"system\":[\"x\",{\"type\":\"text\",\"cache_control\":{\"type\":\"ephemeral\"}}],"
                        + "\"messages\":[{\"content\":\"x\"},{\"content\":[{\"type\":\"tool_result\",\"content\":[1,{\"cache_control\":{\"ttl\":\"5m\"}}],"
                        + "\"cache_control\":{\"ttl\":\"9h\"}}]}],\"cache_control\":{\"ttl\":\"1\\u0068\"}}";
        List<CacheBreakpoint> found = bench.facts(body).cacheBreakpoints();
        assertThat(found)
                .containsExactly(
                        new CacheBreakpoint(Section.TOOLS, 1, body.indexOf("{\"name\":\"b\""), "1h"),
                        new CacheBreakpoint(Section.SYSTEM, 1, body.indexOf("{\"type\":\"text\""), "5m"),
                        new CacheBreakpoint(
                                Section.MESSAGES, 1, body.indexOf("{\"cache_control\":{\"ttl\":\"5m\""), "5m"),
                        new CacheBreakpoint(Section.MESSAGES, 1, body.indexOf("{\"type\":\"tool_result\""), "5m"),
                        new CacheBreakpoint(Section.TOP_LEVEL, 0, 0, "1h"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tools\":{\"a\":{\"cache_control\":{}}}",
                "\"tools\":[[{\"cache_control\":{}}]]",
                "\"tools\":[{\"input_schema\":{\"properties\":{\"cache_control\":{}}}}]",
                "\"messages\":[{\"cache_control\":{}}]",
                "\"messages\":[{\"content\":{\"a\":{\"cache_control\":{}}}}]",
                "\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"input\":{\"cache_control\":{}}}]}]",
                "\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"input\":[{\"cache_control\":{}}]}]}]",
                "\"messages\":[{\"content\":[]},[[{\"cache_control\":{},\"type\":\"thinking\"}]]]",
                "\"messages\":[{\"content\":[],\"other\":[{\"cache_control\":{},\"type\":\"thinking\"}]}]",
                "\"messages\":[{\"content\":[{\"content\":[],\"other\":[{\"cache_control\":{}}]}]}]",
                "\"messages\":[{\"content\":[{\"cache_control\":null}]}],\"cache_control\":null",
                "\"messages\":[{\"content\":[{\"cache_control\":\"x\"},{\"cache_control\":[{\"ttl\":\"1h\"}]}]}]",
                "\"other\":[{\"cache_control\":{}}]",
                "\"system\":{\"cache_control\":{}}",
                "\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"input\":{\"type\":\"thinking\"}}]}]",
                "\"messages\":[{\"content\":[{\"text\":\"thinking\",\"type\":\"thinking_or_not\"}],\"type\":\"thinking\"}]",
                "\"tools\":[{\"type\":\"thinking\"}],\"type\":\"thinking\",\"thinking\":{\"type\":\"thinking\"}"
            })
    void is_not_fooled_by_what_only_looks_like_a_breakpoint_or_a_thinking_block(String members) {
        RequestFacts facts = with(members);
        assertThat(facts.cacheBreakpoints()).isEmpty();
        assertThat(facts.hasThinking()).isFalse();
    }

    @Test
    void keeps_the_first_16_breakpoints() {
        String tools =
                IntStream.range(0, 30).mapToObj(i -> "{\"cache_control\":{}}").collect(Collectors.joining(","));
        assertThat(with("\"tools\":[" + tools + "]").cacheBreakpoints())
                .extracting(CacheBreakpoint::index)
                .containsExactlyElementsOf(IntStream.range(0, 16).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"thinking", "redacted_thinking", "think\\u0069ng"})
    void finds_thinking_blocks(String type) {
        assertThat(
                        with("\"messages\":[{\"content\":\"x\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"text\"},{\"x\":[],\"type\":\""
                                        + type + "\"}]}]")
                                .hasThinking())
                .isTrue();
    }

    @Test
    void accepts_values_up_to_their_bounds() {
        RequestFacts facts = bench.facts("{\"model\":\"" + "é".repeat(128) + "\",\"metadata\":{\"user_id\":\""
                + "u".repeat(4096) + "\"},\"container\":\"" + "\\u0063".repeat(512) + "\",\"d\":"
                + "[".repeat(255) + "]".repeat(255) + "}");
        assertThat(facts.model()).hasSize(128);
        assertThat(facts.userId()).hasSize(4096);
        assertThat(facts.pinned().containerId()).isEqualTo("c".repeat(512));
    }

    @Test
    void tells_neither_user_nor_ids_when_printed() {
        Envelope envelope = bench.read(
                        "{\"model\":\"m\",\"metadata\":{\"user_id\":\"secret1\"},\"container\":\"secret2\","
                                + "\"fallback_credit_token\":\"secret3\",\"thread\":{\"previous_message_id\":\"secret4\"},"
                                + "\"diagnostics\":{\"previous_message_id\":\"secret5\"},\"x\":{\"file_id\":\"secret6\"}}")
                .envelope();
        assertThat(envelope.toString()).contains("model=m").contains("files=1").doesNotContain("secret");
        assertThat(envelope.facts().pinned().fileIds()).containsExactly("secret6");
        envelope.body().release();
    }
}
