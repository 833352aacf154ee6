using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures.Blocks;

/// <summary>A reusable group of layers, as a value that can be appended to a graph.</summary>
public abstract record Block
{
    private protected Block() { }

    /// <summary>Appends the block's layers.</summary>
    /// <param name="graph">The graph under construction.</param>
    /// <param name="input">What the block reads, <c>[H, W, C]</c>.</param>
    /// <param name="family">Padding, epsilon, biases and activations of the ecosystem.</param>
    /// <returns>What the block produces.</returns>
    /// <exception cref="ArgumentException">A layer does not fit its input, or its name is taken.</exception>
    public Value AppendTo(GraphBuilder graph, Value input, Family family)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(family);
        return Append(graph, input, family);
    }

    private protected abstract Value Append(GraphBuilder graph, Value input, Family family);
}
