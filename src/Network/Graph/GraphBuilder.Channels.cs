using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Graph;

/// <content>Layers that move channels without computing anything.</content>
public sealed partial class GraphBuilder
{
    /// <summary>Appends the channels of several values, one after the other; one value alone appends nothing.</summary>
    /// <param name="name">Layer name.</param>
    /// <param name="inputs">Values of one height and width, at least one.</param>
    /// <exception cref="ArgumentException">There is none, heights or widths differ, or the channels are too many.</exception>
    public Value Concat(string name, params ReadOnlySpan<Value> inputs)
    {
        if (inputs.IsEmpty)
        {
            throw new ArgumentException($"Layer '{name}' joins no values; give at least one.");
        }
        var (first, channels) = (inputs[0].Shape, 0L);
        foreach (var input in inputs)
        {
            channels += input.Shape.Channels;
            if (input.Shape with { Channels = first.Channels } != first)
            {
                throw new ArgumentException(
                    $"Layer '{name}' joins the channels of {first} and {input.Shape}; heights and widths must be equal."
                );
            }
        }
        GraphRules.CheckMovedChannels(name, channels);
        var output = first with { Channels = (int)channels };
        return inputs.Length == 1 ? inputs[0] : Append(new ConcatLayer(name, IdsOf(inputs), output), inputs);
    }

    /// <summary>Appends a range of channels; all of them append nothing.</summary>
    /// <param name="name">Layer name.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="first">First channel.</param>
    /// <param name="count">Channels, at least 1.</param>
    /// <exception cref="ArgumentException">The value does not have these channels.</exception>
    public Value SliceChannels(string name, Value input, int first, int count)
    {
        var channels = input.Shape.Channels;
        if (first < 0 || count < 1 || count > channels - first)
        {
            throw new ArgumentException(
                $"Layer '{name}' takes {count} channels from {first} on, of {channels}; all must be there."
            );
        }
        return count == channels ? input : Select(name, input, count, [ChannelRun.Neighbours(first, 0, count)]);
    }

    /// <summary>
    /// Appends ShuffleNet's channel shuffle (arXiv:1707.01083): channel <c>i·n + j</c> of <c>groups·n</c> becomes channel
    /// <c>j·groups + i</c>.
    /// </summary>
    /// <param name="name">Layer name.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="groups">Groups of neighbouring channels.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public Value ShuffleChannels(string name, Value input, int groups)
    {
        var channels = input.Shape.Channels;
        if (groups < 1 || channels % groups != 0)
        {
            throw new ArgumentException($"Layer '{name}': {groups} groups do not divide {channels} channels.");
        }
        var size = channels / groups;
        if (groups == 1 || size == 1)
        {
            return input;
        }
        // Along the shorter of the two directions there are fewer runs.
        var runs =
            groups <= size
                ? Enumerable.Range(0, groups).Select(i => new ChannelRun(i * size, 1, i, groups, size))
                : Enumerable.Range(0, size).Select(j => new ChannelRun(j, size, j * groups, 1, groups));
        return Select(name, input, channels, [.. runs]);
    }

    private Value Select(string name, Value input, int channels, ImmutableArray<ChannelRun> runs)
    {
        GraphRules.CheckMovedChannels(name, input.Shape.Channels);
        return Append(new SelectChannelsLayer(name, [input.Id], input.Shape with { Channels = channels }, runs), input);
    }

    private static ImmutableArray<int> IdsOf(ReadOnlySpan<Value> values)
    {
        var ids = ImmutableArray.CreateBuilder<int>(values.Length);
        foreach (var value in values)
        {
            ids.Add(value.Id);
        }
        return ids.MoveToImmutable();
    }
}
