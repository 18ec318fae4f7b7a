package org.ccrelayer.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The CPU time of processes, read from {@code /proc}: this works on Linux only. Stateless. */
final class CpuTime {
    /** Fixed for everything that Linux tells programs, whatever the kernel itself counts in (proc(5)). */
    private static final int TICKS_PER_SECOND = 100;

    private static final int USER_TICKS = 11;
    private static final int KERNEL_TICKS = 12;

    private CpuTime() {}

    /** What one process took, in user mode and in the kernel, all threads together, those that ended included. */
    static Duration of(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            // The command's name stands in parentheses and may itself hold blanks and parentheses.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[KERNEL_TICKS]);
            return Duration.ofSeconds(1).multipliedBy(ticks).dividedBy(TICKS_PER_SECOND);
        } catch (IOException e) {
            throw new IllegalStateException("the process " + process.pid() + " is gone, or this is not Linux", e);
        }
    }

    /** What this process took, in nanoseconds. */
    static long ofThisProcess() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** What a process and those that it started took. */
    static Duration ofTree(ProcessHandle process) {
        return process.descendants().map(CpuTime::of).reduce(of(process), Duration::plus);
    }
}
