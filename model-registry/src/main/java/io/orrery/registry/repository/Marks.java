package io.orrery.registry.repository;

/** The trees and blobs that some commits have. Confined to one thread. */
public final class Marks {
    private final OidSet trees = new OidSet();
    private final OidSet blobs = new OidSet();
    private long missingTrees;

    Marks() {}

    public boolean hasBlob(String oid) {
        return blobs.contains(oid);
    }

    boolean hasTree(String oid) {
        return trees.contains(oid);
    }

    boolean addTree(String oid) {
        return trees.add(oid);
    }

    void addBlob(byte[] bytes, int at) {
        blobs.add(bytes, at);
    }

    public long trees() {
        return trees.size();
    }

    public long blobs() {
        return blobs.size();
    }

    /** Trees that commits have and the database has not. */
    public long missingTrees() {
        return missingTrees;
    }

    void missesTree() {
        missingTrees++;
    }
}
