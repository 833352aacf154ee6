namespace ILGpuMobileNet.Network.Weights;

/// <summary>A text or bytes of a pickle; long ones stay in the file.</summary>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="Length">Bytes in the file.</param>
/// <param name="Form">How the file writes them.</param>
/// <param name="Text">The text, bytes taken as Latin-1; null when it is long.</param>
internal sealed record PickleBytes(long Offset, long Length, ByteForm Form, string? Text);

/// <summary>A function or class that a pickle names.</summary>
/// <param name="Name">Module and name.</param>
/// <param name="Call">What a call of it makes; null for what is only named.</param>
internal sealed record PickleGlobal(string Name, Func<PickleTuple, object?>? Call);

/// <summary>A tuple of a pickle.</summary>
/// <param name="items">Its items.</param>
internal sealed class PickleTuple(object?[] items)
{
    /// <summary>The items in order.</summary>
    public object?[] Items { get; } = items;
}

/// <summary>A list of a pickle.</summary>
internal sealed class PickleList
{
    /// <summary>The items in order.</summary>
    public List<object?> Items { get; } = [];
}

/// <summary>A dictionary of a pickle, ordered or not; that no key stands twice is for its reader to check.</summary>
internal sealed class PickleDictionary
{
    /// <summary>The items in order.</summary>
    public List<(object? Key, object? Value)> Items { get; } = [];
}

/// <summary>A tensor of a pickle, without a name; made empty where the elements come afterwards.</summary>
internal sealed class PickleTensor
{
    /// <summary>Where its elements are; null as long as nothing said so.</summary>
    public TensorPlace? Place { get; set; }
}
