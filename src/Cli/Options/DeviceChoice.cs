namespace ILGpuMobileNet.Cli.Options;

/// <summary>How many devices a command line can name.</summary>
internal enum DeviceChoice
{
    /// <summary>One.</summary>
    One,

    /// <summary>Any number, which share the work.</summary>
    Several,

    /// <summary>Any number where the command has <c>--output</c>, else one.</summary>
    SeveralWithOutput,
}
