package org.ccrelayer.standalone;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ccrelayer.KeyRotation;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.RelayConfigException;
import org.ccrelayer.store.Resealed;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command that seals a stopped relay's secrets with a new encryption key. */
@Command(
        name = "rotate-encryption-key",
        mixinStandardHelpOptions = true,
        description = "Seals the stored secrets with a new key: from OLD_ENCRYPTION_KEY to ENCRYPTION_KEY. Needs"
                + " API_KEY_PEPPER, so that issued relay keys stay valid. The relay must be stopped. It may be"
                + " repeated after it was interrupted.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:everything is sealed with the new key, or could be",
            "1:the store cannot be used, or belongs to neither key",
            "2:the settings are wrong",
            "3:as 0, but for secrets that neither key opens, which stay as they are"
        })
final class RotateEncryptionKey implements Callable<Integer> {
    private static final int CANNOT_ROTATE = 1;
    private static final int BAD_CONFIGURATION = 2;
    private static final int SOME_UNDECRYPTABLE = 3;

    @Spec
    private @Nullable CommandSpec spec;

    @ParentCommand
    private @Nullable Main main;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only counts what would be done.")
    private boolean dryRun;

    @Override
    public Integer call() {
        RelayConfig config;
        try {
            config = Settings.forCommand(Optional.ofNullable(main).orElseThrow());
        } catch (RelayConfigException e) {
            return badConfiguration(e.problems());
        } catch (IllegalStateException e) {
            return badConfiguration(List.of(String.valueOf(e.getMessage())));
        }
        try {
            KeyRotation rotation = KeyRotation.of(config);
            return report(dryRun ? rotation.dryRun() : rotation.run(name -> {}));
        } catch (RelayConfigException e) {
            return badConfiguration(e.problems());
        } catch (RuntimeException e) {
            commandLine().getErr().println("The encryption key was not rotated: " + e.getMessage());
            return CANNOT_ROTATE;
        }
    }

    private int badConfiguration(List<String> problems) {
        PrintWriter errors = commandLine().getErr();
        errors.println("Nothing was changed; the configuration has problems:");
        problems.forEach(problem -> errors.println("  " + problem));
        return BAD_CONFIGURATION;
    }

    private int report(Resealed result) {
        PrintWriter out = commandLine().getOut();
        out.println((dryRun ? "to be sealed with the new key: " : "sealed with the new key: ") + result.changed());
        out.println("sealed with it before: " + result.current());
        out.println("not decryptable with either key, left as they are: "
                + result.undecryptable().size());
        result.undecryptable().forEach(name -> out.println("  " + name));
        out.println(
                dryRun
                        ? "Nothing was changed."
                        : "Start the relay with the new ENCRYPTION_KEY and this API_KEY_PEPPER.");
        return result.undecryptable().isEmpty() ? 0 : SOME_UNDECRYPTABLE;
    }

    private CommandLine commandLine() {
        return Optional.ofNullable(spec).orElseThrow().commandLine();
    }
}
