/**
 * The other doors to what lies in repositories: the routes of container registries, by which Ollama and llama.cpp pull GGUF files, and
 * clusters and their tools pull whole revisions. Contents stay where they are; manifests are made when they are asked for, and kept.
 */
@NullMarked
package io.orrery.registry.oci;

import org.jspecify.annotations.NullMarked;
