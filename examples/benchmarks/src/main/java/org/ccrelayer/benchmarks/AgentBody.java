package org.ccrelayer.benchmarks;

import java.nio.charset.StandardCharsets;

/** Request bodies of the kind that coding agents send: a long prompt, many tools, a dialogue of calls and results. */
final class AgentBody {
    private static final int TOOLS = 16;
    private static final String CACHE_CONTROL = ",\"cache_control\":{\"type\":\"ephemeral\"}";
    private static final String SENTENCE =
            "Read a file before you change it; keep its style, and say \\\"done\\\" when every test passes.\\n";
    private static final String CODE =
            "    public int size() {\\n        // caf\u00e9, \u65e5\u672c\u8a9e\\n        return \\\"items\\\".length();\\n    }\\n";

    private AgentBody() {}

    /** A body that is at least so long and not much longer, unless so short that prompt and tools alone exceed it. */
    static byte[] ofAbout(int bytes) {
        StringBuilder body = new StringBuilder(bytes + 4096);
        body.append("{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":32000,\"stream\":true,")
                .append("\"metadata\":{\"user_id\":\"user_0123456789abcdef_account__session_00000000\"},\"system\":[");
        system(body);
        body.append("],\"tools\":[");
        for (int i = 0; i < TOOLS; i++) {
            tool(body, i);
        }
        body.append("],\"messages\":[{\"role\":\"user\",\"content\":\"")
                .append(SENTENCE)
                .append("\"}");
        for (int turn = 0; body.length() < bytes; turn++) {
            turn(body, turn);
        }
        return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void system(StringBuilder body) {
        body.append("{\"type\":\"text\",\"text\":\"You are a coding agent.\"")
                .append(CACHE_CONTROL)
                .append("},{\"type\":\"text\",\"text\":\"")
                .append(SENTENCE.repeat(60))
                .append('"')
                .append(CACHE_CONTROL)
                .append('}');
    }

    private static void tool(StringBuilder body, int number) {
        body.append(number == 0 ? "" : ",")
                .append("{\"name\":\"tool_")
                .append(number)
                .append("\",\"description\":\"")
                .append(SENTENCE.repeat(6))
                .append("\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"file_path\":{\"type\":\"string\",")
                .append("\"description\":\"An absolute path.\"},\"limit\":{\"type\":\"number\",\"minimum\":1}},")
                .append("\"required\":[\"file_path\"],\"additionalProperties\":false}}");
    }

    private static void turn(StringBuilder body, int number) {
        String id = "toolu_" + String.format("%020d", number);
        body.append(",{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"")
                .append(SENTENCE)
                .append("\"},{\"type\":\"tool_use\",\"id\":\"")
                .append(id)
                .append("\",\"name\":\"tool_1\",\"input\":{\"file_path\":\"/src/Main.java\",\"limit\":200}}]}")
                .append(",{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"")
                .append(id)
                .append("\",\"content\":\"")
                .append(CODE.repeat(12))
                .append("\"}]}");
    }
}
