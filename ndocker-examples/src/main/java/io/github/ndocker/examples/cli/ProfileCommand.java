package io.github.ndocker.examples.cli;

import picocli.CommandLine.Command;

/** {@code ndocker profile}: what is known of the starts of images. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    description = "Shows, carries and merges what traced starts touched.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ProfileListCommand.class,
      ProfileShowCommand.class,
      ProfileImportCommand.class,
      ProfileMergeCommand.class
    })
final class ProfileCommand {}
