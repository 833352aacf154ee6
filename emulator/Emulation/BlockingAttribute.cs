namespace ILGPU.Emulation;

/// <summary>Marks a function of the device at which threads wait for each other.</summary>
/// <remarks>It does what the method <paramref name="post"/> does with its arguments, waits, and returns what the
/// method <paramref name="take"/> returns.</remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BlockingAttribute(string post, string take) : Attribute
{
    public string Post => post;
    public string Take => take;
}
