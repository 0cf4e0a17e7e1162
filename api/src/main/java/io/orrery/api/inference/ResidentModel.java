package io.orrery.api.inference;

import java.util.List;

/**
 * A model that a worker holds.
 *
 * @param model repository id as requests name it
 * @param commit 40-hex commit that was loaded
 * @param state {@code loading} or {@code ready}
 * @param adapters repository ids of LoRA adapters loaded over it
 * @param bytes of memory it takes, its cache included
 */
public record ResidentModel(String model, String commit, String state, List<String> adapters, long bytes) {
    public ResidentModel {
        adapters = List.copyOf(adapters);
    }
}
