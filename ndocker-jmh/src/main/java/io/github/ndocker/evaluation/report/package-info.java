/** What an evaluation measured, and the report made of it. */
@NullMarked
package io.github.ndocker.evaluation.report;

import org.jspecify.annotations.NullMarked;
