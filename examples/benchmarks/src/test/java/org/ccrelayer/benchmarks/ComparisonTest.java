package org.ccrelayer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs every measurement, each so short that its figures mean nothing. */
class ComparisonTest {
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "CPU time is read from /proc")
    void every_measurement_runs_and_is_reported(@TempDir Path directory) throws Exception {
        Path page = directory.resolve("page.md");
        Files.writeString(
                page,
                "before\n<!-- results: begin -->\nthese are gone afterwards\n<!-- results: end -->\n"
                        + "between\n<!-- hosts: begin -->\nthese are gone afterwards\n<!-- hosts: end -->\n"
                        + "between\n<!-- stores: begin -->\nthese are gone afterwards\n<!-- stores: end -->\nafter\n");

        int status = new CommandLine(new Comparison())
                .execute(
                        "--write",
                        page.toString(),
                        "--requests",
                        "20",
                        "--streams",
                        "4",
                        "--rows",
                        "500",
                        "--warm-ups",
                        "1",
                        "--rounds",
                        "1",
                        "--connections",
                        "2",
                        "--forks",
                        "0",
                        "--millis",
                        "10",
                        "--profile");

        assertThat(status).isZero();
        assertThat(Files.readString(page))
                .startsWith("before\n")
                .contains("<!-- results: end -->\nbetween\n<!-- hosts: begin -->\n")
                .contains("<!-- hosts: end -->\nbetween\n<!-- stores: begin -->\n")
                .endsWith("<!-- stores: end -->\nafter\n")
                .contains(
                        Installed.program("redis-server").isPresent()
                                ? "| on Redis, with the server |"
                                : "There is no redis-server")
                .doesNotContain("these are gone afterwards")
                .contains("### 1 KiB request, 20 per target", "### 200-event stream, 4 per target")
                .contains("| relay |", "| bare Jetty proxy |", "| direct |")
                .contains("| CPU per ledger row", "| CPU per admission", "of a ledger row's whole life")
                .contains("| MeteringBenchmark.deltaEvent |", "| EnvelopeBenchmark.read, bodyBytes 50000 |")
                .contains("### Where the relay's time goes, 200-event stream")
                .contains(
                        "### 1 KiB request in a container, 10 per target",
                        "### 200-event stream in a container, 2 per target")
                .contains("### 200-event stream, an event every 5 ms in a container, 32 per target")
                .contains("| standalone |", "| servlet on Tomcat 10.1 |", "| servlet on Jetty 12.1 ee10 |")
                .contains("### servlet on Tomcat 10.1, 1 KiB request");
    }
}
