using System.Reflection;
using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Host.Tests.PublicApi;

/// <summary>An assembly's public types and members as sorted text, one member a line.</summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) =>
        string.Concat(assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).Select(Of));

    private static string Of(Type type)
    {
        var members = type.GetMembers(Declared).Where(IsVisible).Select(member => MemberText.Of(member));
        var lines = members.Order(StringComparer.Ordinal).Select(member => $"    {member}\n");
        return $"{Kind(type)} {type.FullName}{Bases(type)}\n{string.Concat(lines)}\n";
    }

    private static string Kind(Type type) =>
        type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };

    private static string Bases(Type type)
    {
        var isPlain = type.BaseType is null || type.BaseType == typeof(object) || type.IsValueType;
        var interfaces = type.IsEnum ? [] : type.GetInterfaces().Where(one => one.IsVisible);
        var bases = interfaces.Select(TypeText.Of).Order(StringComparer.Ordinal).ToList();
        if (!isPlain)
        {
            bases.Insert(0, TypeText.Of(type.BaseType!));
        }
        return bases.Count == 0 ? "" : $" : {string.Join(", ", bases)}";
    }

    // What the compiler adds to a record says nothing; accessors stand with their property.
    private static bool IsVisible(MemberInfo member) =>
        !member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && member switch
        {
            MethodBase { IsSpecialName: true, IsConstructor: false } method => method.Name.StartsWith(
                "op_",
                StringComparison.Ordinal
            ),
            MethodBase method => IsOpen(method),
            FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsOpen),
            _ => false,
        };

    private static bool IsOpen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
}
