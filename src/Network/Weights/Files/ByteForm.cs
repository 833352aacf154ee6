namespace ILGpuMobileNet.Network.Weights;

/// <summary>How a file writes bytes.</summary>
internal enum ByteForm
{
    /// <summary>As they are.</summary>
    Plain,

    /// <summary>As characters in UTF-8.</summary>
    Utf8,

    /// <summary>As characters in a line, some of them <c>\u000a</c>; of pickles of protocol 0.</summary>
    UnicodeEscaped,

    /// <summary>As Python 2 writes them between quotes, some of them <c>\x00</c>, <c>\n</c>, <c>\'</c>.</summary>
    Escaped,
}
