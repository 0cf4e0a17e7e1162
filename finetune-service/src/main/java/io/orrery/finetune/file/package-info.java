/** Uploaded files: contents by their sha256 on disk, rows in PostgreSQL. */
@NullMarked
package io.orrery.finetune.file;

import org.jspecify.annotations.NullMarked;
