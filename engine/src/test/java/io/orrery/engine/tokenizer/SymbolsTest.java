package io.orrery.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class SymbolsTest {
    /** The definition: merge the pair of lowest rank, the leftmost of equal ones, until there is none. */
    private static int[] merged(List<Integer> symbols, MergeTable table) {
        List<Integer> rest = new ArrayList<>(symbols);
        while (true) {
            int best = -1;
            long lowest = Long.MAX_VALUE;
            for (int i = 0; i + 1 < rest.size(); i++) {
                long merge = table.find(rest.get(i), rest.get(i + 1));
                if (merge != MergeTable.NONE && merge >>> 32 < lowest) {
                    best = i;
                    lowest = merge >>> 32;
                }
            }
            if (best < 0) {
                return rest.stream().mapToInt(id -> id).toArray();
            }
            int result = (int) table.find(rest.get(best), rest.get(best + 1));
            rest.remove(best);
            rest.set(best, result);
        }
    }

    @Test
    void theHeapMergesAsTheDefinition() {
        Random random = new Random(5);
        for (int round = 0; round < 2000; round++) {
            int ids = 2 + random.nextInt(8);
            MergeTable table = new MergeTable(40);
            for (int i = 0; i < 40; i++) {
                table.put(random.nextInt(ids), random.nextInt(ids), random.nextInt(12), random.nextInt(ids));
            }
            List<Integer> symbols =
                    random.ints(random.nextInt(40), 0, ids).boxed().toList();
            Symbols fast = new Symbols(1);
            symbols.forEach(fast::add);
            assertThat(fast.merged(table)).isEqualTo(merged(symbols, table));
        }
    }

    @Test
    void aMegabyteWithoutSpacesTakesSeconds() {
        List<String> words = List.of("ab".repeat(1000), "abba".repeat(500), "aab".repeat(700));
        Tokenizer tokenizer = TokenizerJson.parse(BpeTrainer.train(words, 500, List.of()));
        for (String unit : List.of("a", "ab", "abba", "x", "1", " ", "\u00E9")) {
            String text = unit.repeat((1 << 20) / unit.length());
            Assertions.assertTimeout(Duration.ofSeconds(20), () -> tokenizer.encode(text, false), unit);
        }
    }
}
