package org.ccrelayer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DemoTest {
    private static final Pattern CURL =
            Pattern.compile("curl -N (\\S+) -H 'x-api-key: (\\S+)' -H '([^:]+): ([^']+)' -H '[^']+' -d '([^']+)'");

    @Test
    void what_it_prints_works_as_printed() throws Exception {
        try (Demo demo = Demo.start(0)) {
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            demo.describe(new PrintStream(printed, true, StandardCharsets.UTF_8));
            String text = printed.toString(StandardCharsets.UTF_8);
            assertThat(text)
                    .contains("export ANTHROPIC_BASE_URL=" + demo.baseUrl())
                    .contains("export ANTHROPIC_AUTH_TOKEN=" + demo.key());

            Matcher curl = CURL.matcher(text);
            assertThat(curl.find()).isTrue();
            HttpRequest request = HttpRequest.newBuilder(URI.create(curl.group(1)))
                    .header("x-api-key", curl.group(2))
                    .header(curl.group(3), curl.group(4))
                    .POST(HttpRequest.BodyPublishers.ofString(curl.group(5)))
                    .build();
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("event: message_stop").contains("simulated ");
        }
    }
}
