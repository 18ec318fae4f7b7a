package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScanAllocationTest {
    private static byte[] body() {
        StringBuilder body = new StringBuilder("{\"model\":\"claude\",\"max_tokens\":1024,\"messages\":[");
        for (int i = 0; body.length() < Bench.MIB; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"some \\n text \\u00e9 and ")
                    .append("x".repeat(200))
                    .append("\"},{\"type\":\"tool_use\",\"input\":{\"a\":[1,2.5e3,true,null]}},"
                            + "{\"type\":\"tool_result\",\"content\":[{\"type\":\"image\",\"source\":"
                            + "{\"type\":\"base64\",\"data\":\"AAAA\"}}]}]}");
        }
        body.append("],\"tools\":[{\"type\":\"custom\"}");
        for (int i = 0; i < 1000; i++) {
            body.append(",{\"type\":\"web_search_20250305\",\"max_uses\":5},{\"max_uses\":1.5,\"type\":\"other\"}");
        }
        return Bench.utf8(body.append("],\"metadata\":{\"user_id\":\"u\"},\"stream\":true}")
                .toString());
    }

    private static RequestFacts scan(byte[] body) {
        EnvelopeScanner scanner = new EnvelopeScanner(true);
        for (int from = 0; from < body.length; from += ChunkPool.CHUNK_BYTES) {
            scanner.accept(body, from, Math.min(body.length, from + ChunkPool.CHUNK_BYTES));
        }
        return scanner.end();
    }

    @Test
    void takes_less_than_8_kib_for_a_body_of_1_mib_with_everything() {
        byte[] body = body();
        for (int i = 0; i < 20; i++) {
            scan(body);
        }
        long before = Allocation.ofThisThread();
        RequestFacts facts = scan(body);
        assertThat(Allocation.ofThisThread() - before).isLessThan(8 * 1024);
        assertThat(facts.stream()).isTrue();
        assertThat(facts.cost().imageCount()).isGreaterThan(1000);
        assertThat(facts.cost().serverToolUses()).isEqualTo(5000);
    }
}
