package org.ccrelayer.standalone;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ccrelayer.MigrationCheck;
import org.ccrelayer.RelayConfigException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command that tells what the relay makes of the predecessor's Redis. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description =
                "Reads the Redis of the predecessor, in REDIS_ADDR and with its ENCRYPTION_KEY, and tells which accounts"
                        + " and relay keys go on working. It writes nothing, and the predecessor may run meanwhile. Secrets are"
                        + " never printed.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:everything works as before",
            "1:something does not work as before; the report tells what",
            "2:the settings are wrong, or the Redis cannot be read"
        })
final class Migrate implements Callable<Integer> {
    private static final int NOT_AS_BEFORE = 1;
    private static final int CANNOT_CHECK = 2;

    @Spec
    private @Nullable CommandSpec spec;

    @ParentCommand
    private @Nullable Main main;

    @Option(
            names = "--check",
            required = true,
            description = "Only looks. There is nothing else to do: a relay uses the data where it is.")
    private boolean check;

    @Option(names = "--json", description = "Prints the report as one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        try {
            MigrationCheck found = MigrationCheck.of(
                    Settings.forCommand(Optional.ofNullable(main).orElseThrow()));
            MigrationCheck.Report report =
                    Logging.quietly(() -> found.run(System.getenv().keySet()));
            PrintWriter out = commandLine().getOut();
            out.print(json ? report.json() + System.lineSeparator() : report.text());
            out.flush();
            return report.asBefore() ? 0 : NOT_AS_BEFORE;
        } catch (RelayConfigException e) {
            return refuse(e.problems());
        } catch (RuntimeException e) {
            return refuse(List.of(String.valueOf(e.getMessage())));
        }
    }

    private int refuse(List<String> problems) {
        PrintWriter errors = commandLine().getErr();
        errors.println("Nothing was checked:");
        problems.forEach(problem -> errors.println("  " + problem));
        return CANNOT_CHECK;
    }

    private CommandLine commandLine() {
        return Optional.ofNullable(spec).orElseThrow().commandLine();
    }
}
