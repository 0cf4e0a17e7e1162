/** Chats in the terminal, through a platform or with a model in this process. */
@NullMarked
package io.orrery.cli.chat;

import org.jspecify.annotations.NullMarked;
