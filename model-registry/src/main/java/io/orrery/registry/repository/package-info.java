/** Repositories, and git's view of them: refs, commits, trees and blobs, kept as rows; a commit is one transaction. */
@NullMarked
package io.orrery.registry.repository;

import org.jspecify.annotations.NullMarked;
