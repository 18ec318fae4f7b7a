package org.ccrelayer.simulated;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ccrelayer.simulated.Prompt.Block;

/**
 * The prompt cache of the API, which may be shared by several servers: prompts that begin alike are read from it within
 * one workspace, up to a block that {@code cache_control} marked in an earlier request.
 *
 * <ul>
 *   <li>An entry can be read once the first byte of the answer whose request wrote it is on its way.
 *   <li>It lasts for five minutes or an hour from its last use, which is also that of a longer one that begins with it.
 *   <li>Each marked block is looked for together with the {@value #BLOCKS_LOOKED_AT} minus one blocks before it; the
 *       longest entry that is found counts.
 * </ul>
 *
 * <p>Other than the API's it holds prompts of any length and any number of marks, and forgets entries only when they are
 * asked for. Thread-safe.
 */
public final class PromptCache {
    private static final int BLOCKS_LOOKED_AT = 20;

    private final InstantSource clock;
    private final Map<String, String> workspaces = new HashMap<>();
    private final Map<Key, Entry> entries = new HashMap<>();

    private record Key(String workspace, String prefix) {}

    private record Entry(Duration ttl, Instant end) {}

    /** An empty cache in that time. */
    public PromptCache(InstantSource clock) {
        this.clock = clock;
    }

    /** Says to which workspace a credential belongs; any other credential has one of its own. */
    public synchronized PromptCache workspace(String credential, String workspace) {
        workspaces.put(credential, workspace);
        return this;
    }

    /**
     * How the tokens of a prompt count. What it writes can be read after {@link PromptTokens#answerBegins()}.
     *
     * @param credentials what the request was authenticated with; the first one tells the workspace
     */
    synchronized PromptTokens look(List<String> credentials, Prompt prompt) {
        String workspace = workspace(credentials);
        List<Block> blocks = prompt.blocks();
        int known = known(workspace, blocks);
        List<Block> read = blocks.subList(0, known);
        List<Block> unread = blocks.subList(known, blocks.size());
        use(workspace, read);
        long write5m = written(unread, Prompt.FIVE_MINUTES);
        long write1h = written(unread, Prompt.ONE_HOUR);
        long input = Prompt.tokens(unread) - write5m - write1h;
        return new PromptTokens(input, write5m, write1h, Prompt.tokens(read), () -> write(workspace, unread));
    }

    private String workspace(List<String> credentials) {
        String credential = credentials.isEmpty() ? "" : credentials.get(0);
        return workspaces.getOrDefault(credential, credential);
    }

    /** The tokens up to each block marked so, from the marked one before it. */
    private static long written(List<Block> blocks, Duration ttl) {
        long written = 0;
        long sinceMark = 0;
        for (Block block : blocks) {
            sinceMark += block.tokens();
            if (block.marked()) {
                written += block.ttl().equals(ttl) ? sinceMark : 0;
                sinceMark = 0;
            }
        }
        return written;
    }

    /** The number of blocks at the beginning that can be read. */
    private int known(String workspace, List<Block> blocks) {
        int lookedAt = 0;
        for (int at = blocks.size() - 1; at >= 0; at--) {
            lookedAt = blocks.get(at).marked() ? BLOCKS_LOOKED_AT : lookedAt - 1;
            if (lookedAt > 0 && isLive(new Key(workspace, blocks.get(at).prefix()))) {
                return at + 1;
            }
        }
        return 0;
    }

    private boolean isLive(Key key) {
        Entry entry = entries.get(key);
        if (entry != null && !clock.instant().isBefore(entry.end())) {
            entries.remove(key);
            return false;
        }
        return entry != null;
    }

    private void use(String workspace, List<Block> blocks) {
        for (Block block : blocks) {
            Key key = new Key(workspace, block.prefix());
            if (isLive(key)) {
                put(key, entries.get(key).ttl());
            }
        }
    }

    private synchronized void write(String workspace, List<Block> blocks) {
        for (Block block : blocks) {
            if (block.marked()) {
                put(new Key(workspace, block.prefix()), block.ttl());
            }
        }
    }

    private void put(Key key, Duration ttl) {
        entries.put(key, new Entry(ttl, clock.instant().plus(ttl)));
    }
}
