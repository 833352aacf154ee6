using System.Collections.Concurrent;
using System.Reflection;

namespace ILGPU.Rewriting;

/// <summary>What became of a kernel: rewritten, as it is because its threads never wait, or neither.</summary>
internal sealed record RewrittenKernel(Delegate? Step, Type[] FrameTypes, string? Refusal)
{
    // Kernels are loaded again and again: by every operation of every session that uses them.
    private static readonly ConcurrentDictionary<MethodInfo, RewrittenKernel> Known = new();

    /// <summary>Rewrites a kernel unless that was done before.</summary>
    public static RewrittenKernel Of(MethodInfo kernel, Type stepType) =>
        Known.GetOrAdd(kernel, static (method, type) => Make(method, type), stepType);

    private static RewrittenKernel Make(MethodInfo kernel, Type stepType)
    {
        try
        {
            return KernelRewriter.MayBlock(kernel)
                ? KernelRewriter.Rewrite(kernel, stepType)
                : new RewrittenKernel(null, [], null);
        }
        catch (NotSupportedException reason)
        {
            return new RewrittenKernel(null, [], reason.Message);
        }
    }
}
